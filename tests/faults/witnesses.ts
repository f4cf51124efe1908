import { createInnkeeperClient, isInnkeeperError } from '../../src/client/index.ts';
import { clientOf } from '../support/client.ts';
import { createProperty, key } from '../support/hotel.ts';

interface Tally {
  done: number;
  failed: number;
  /** By code. */
  reasons: Record<string, number>;
  /** How long the slowest failure took. */
  longestFailureMs: number;
}

export interface Testimony {
  writes: Tally;
  reads: Tally;
  /** What must not be: a version older than one that was seen or written. */
  contradictions: string[];
}

const none = (): Tally => ({ done: 0, failed: 0, reasons: {}, longestFailureMs: 0 });

/**
 * Clients that each change a property of their own, read it back and look at a neighbour's, as fast as they can until told to stop. They
 * carry their consistency tokens and try nothing twice, so that every failure is counted. `routed` says which process a request goes to.
 */
export const callWitnesses = async (
  url: string,
  apiKey: string,
  count: number,
  routed: (url: string) => string = (same) => same,
) => {
  const clients = Array.from({ length: count }, () =>
    createInnkeeperClient({
      ...{ url, apiKey, retries: 0, timeoutMs: 20_000 },
      fetch: (input, init) => fetch(routed(String(input)), init),
    }),
  );
  const properties = await Promise.all(clients.map(() => createProperty(clientOf(url, apiKey), { name: 'v0' })));
  const testimony: Testimony = { writes: none(), reads: none(), contradictions: [] };
  let stopped = false;

  const counted = async <T>(kind: 'writes' | 'reads', call: Promise<T>): Promise<T | null> => {
    const startedAt = performance.now();
    try {
      const answer = await call;
      testimony[kind].done += 1;
      return answer;
    } catch (error) {
      const tally = testimony[kind];
      tally.failed += 1;
      tally.longestFailureMs = Math.max(tally.longestFailureMs, performance.now() - startedAt);
      const code = isInnkeeperError(error) ? error.code : String(error);
      tally.reasons[code] = (tally.reasons[code] ?? 0) + 1;
      return null;
    }
  };

  const witness = async (index: number): Promise<void> => {
    const client = clients[index];
    const seen = properties.map(() => 0);
    let written = 0;
    while (!stopped && client) {
      const own = properties[index]?.id ?? '';
      const name = `v${written + 1}`;
      const changed = await counted(
        'writes',
        client.properties.update.mutate({ propertyId: own, name, idempotencyKey: key() }),
      );
      // A change whose answer was lost may have been made: it is seen then, and no less from there on.
      written += 1;
      if (changed) seen[index] = written;
      for (const at of [index, (index + 1) % count]) {
        const found = await counted('reads', client.properties.get.query({ propertyId: properties[at]?.id ?? '' }));
        if (!found) continue;
        const version = Number(found.name.slice(1));
        if (version < (seen[at] ?? 0)) {
          testimony.contradictions.push(`client ${index} saw v${seen[at]} of ${at}, then v${version}`);
        }
        seen[at] = version;
      }
    }
  };

  const done = Promise.all(clients.map((_, index) => witness(index)));
  return {
    testimony,
    /** Resolves to what was seen since the last time it was asked. */
    since() {
      const { writes, reads } = testimony;
      const part = { writes: { ...writes }, reads: { ...reads } };
      testimony.writes = none();
      testimony.reads = none();
      return part;
    },
    async stop(): Promise<Testimony> {
      stopped = true;
      await done;
      return testimony;
    },
  };
};

const share = ({ done, failed, reasons, longestFailureMs }: Tally): string =>
  `${done + failed} (${((100 * failed) / Math.max(1, done + failed)).toFixed(2)} % failed${
    failed
      ? `: ${Object.entries(reasons)
          .map(([code, times]) => `${times} ${code}`)
          .join(', ')}; ${Math.round(longestFailureMs)} ms at most`
      : ''
  })`;

/** One line for the reader of the log. */
export const say = (what: string, { writes, reads }: Pick<Testimony, 'writes' | 'reads'>): void => {
  console.log(`${what}: reads ${share(reads)}, writes ${share(writes)}`);
};

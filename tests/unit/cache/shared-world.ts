import type { ConsistencyToken } from '../../../src/kernel/consistency-token.ts';
import { bytesAt, reaches } from '../../../src/kernel/consistency-token.ts';
import { newVersions, type Versions } from '../../../src/kernel/versions.ts';
import { type CacheType, createCache, openShared } from '../../../src/platform/cache/index.ts';
import type { SharedStore } from '../../../src/platform/cache/shared/store.ts';

export const at = (bytes: number): ConsistencyToken => ({
  timeline: '00000001',
  lsn: `0/${bytes.toString(16).toUpperCase()}`,
});

interface Write {
  id: string;
  txid: number;
  tag: string;
  /** Where the log stood when it was committed; it can be seen from there on. */
  at: number;
}

const orderedText = (txid: number): string => String(txid).padStart(20, '0');

/** One tenant's log: numbers in place of rows, each with how often its tag was written. */
export const createLog = () => {
  let position = 100;
  let txid = 1;
  const open = new Map<number, string>();
  const writes: Write[] = [];
  const log = {
    get position() {
      return position;
    },
    /** Writes so far. */
    get count() {
      return writes.length;
    },
    begin(tag: string): number {
      open.set(++txid, tag);
      return txid;
    },
    commit(transaction: number): void {
      const tag = open.get(transaction);
      if (tag === undefined) return;
      open.delete(transaction);
      position += 10;
      writes.push({ id: `event-${transaction}`, txid: transaction, tag, at: position });
    },
    write: (tag: string) => log.commit(log.begin(tag)),
    oldest: () => [...open.keys()].at(0),
    grow: () => {
      position += 7;
    },
    /** What was not yet on disk is written anew: all but commits. */
    crash: () => {
      position = writes.at(-1)?.at ?? 100;
    },
    versionAt: (tag: string, upTo: number) => writes.filter((write) => write.tag === tag && write.at <= upTo).length,
    versionOf: (tag: string, count: number) => writes.slice(0, count).filter((write) => write.tag === tag).length,
    xmin: () => Math.min(txid + 1, ...open.keys()),
    after: (cursor: string) =>
      writes.filter((write) => orderedText(write.txid) > cursor).toSorted((a, b) => a.txid - b.txid),
  };
  return log;
};

export type Log = ReturnType<typeof createLog>;

const settledEnd = (log: Log, events: Write[], from: string): string => {
  const open = events.findIndex(({ txid }) => txid >= log.xmin());
  const last = (open < 0 ? events : events.slice(0, open)).at(-1);
  return last ? orderedText(last.txid) : from;
};

const tagged = (events: Write[]) =>
  new Map(
    [...Map.groupBy(events, ({ tag }) => tag)].map(([tag, [first, ...others]]) => [
      tag,
      others.length ? null : (first?.id ?? null),
    ]),
  );

export interface Get {
  type?: CacheType;
  token?: number;
  /** How far behind the copy is that is read, where it may be. */
  lag?: number;
  /** Read in place of the tag's version. */
  value?: unknown;
}

/** A process with its cache, told of the log when the test says so, and where `catchesUp` when the cache wants to be told. */
export const startProcess = (log: Log, store: SharedStore, nowMs: () => number, name: string, catchesUp = false) => {
  let ids = 0;
  let told = 0;
  let standing: { upTo: number; atMs: number } | null = null;
  let cursor = '';
  let seen = new Set<string>();
  const shared = openShared({
    ...{ url: 'redis://nowhere', prefix: 'p:', timeoutMs: 1, nowMs, store },
    newId: () => `${name}-${++ids}`,
    async readBacklog(_tenant, after) {
      const events = log.after(after);
      return { tags: tagged(events), cursor: settledEnd(log, events, after), at: at(log.position) };
    },
    onChange: () => {},
  });
  const cache = createCache({
    ...{ maxBytes: 1_000_000, nowMs, fraction: () => 0, shared: shared.tier },
    follow: () => ({
      hasTold: (token) => standing !== null && reaches(at(standing.upTo), token),
      async catchUp(token) {
        if (standing && catchesUp) {
          log.grow();
          look();
        }
        return standing !== null && reaches(at(standing.upTo), token);
      },
      ageMs: () => (standing ? nowMs() - standing.atMs : Number.POSITIVE_INFINITY),
    }),
  });
  const start = () => {
    standing = null;
    told = log.count;
    cursor = orderedText(log.xmin() - 1);
    seen = new Set();
    cache.forget('t', at(log.position));
    shared.histories.begun('t');
  };
  const look = () => {
    const events = log.after(cursor);
    const fresh = tagged(events.filter(({ id }) => !seen.has(id)));
    if (fresh.size) {
      cache.invalidate('t', fresh.keys(), at(log.position));
      shared.histories.told('t', fresh);
    }
    cursor = settledEnd(log, events, cursor);
    seen = new Set(events.map(({ id }) => id));
    told = log.count;
    standing = { upTo: log.position - 1, atMs: nowMs() };
    shared.histories.looked('t', cursor, at(log.position));
  };
  return {
    cache,
    shared,
    start,
    /** How often the tag was written as far as it was told, or before it began. */
    told: (tag: string) => log.versionOf(tag, told),
    look,
    async get(tag: string, { type = 'property', token, lag = 0, value }: Get = {}) {
      const versions = newVersions(token === undefined ? null : at(token));
      const call = { type, tenant: 't', key: `key of ${tag}`, tags: [tag], versions };
      const read = async (own: Versions) => {
        const asked = own.asked ? bytesAt(own.asked.lsn) : 0;
        if (asked > log.position) throw new Error('beyond the log');
        const copy = Math.max(asked, log.position - lag);
        // Of the primary it can't be known whether a commit at its very position is in.
        Object.assign(own, { includes: at(copy === log.position ? copy - 1 : copy), seen: at(copy) });
        return value ?? log.versionAt(tag, copy);
      };
      const { entry, outcome } = await cache.get(call, read);
      return { value: JSON.parse(entry.bytes.toString()), outcome };
    },
  };
};

export type Process = ReturnType<typeof startProcess>;

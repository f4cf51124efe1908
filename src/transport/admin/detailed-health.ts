import { Router } from 'express';
import type { Clock } from '../../kernel/clock.ts';

/** Answers null when the part is well, else why it is not; what rejects does not answer. */
export type PartLook = Promise<string | null>;

export interface PartHealth {
  part: string;
  state: 'ok' | 'degraded';
  /** Why it is degraded. */
  reason: string | null;
  latencyMs: number;
  /** When it was first seen in this state, by one of the looks. */
  since: string;
}

export interface DetailedHealth {
  host: string;
  status: 'ok' | 'degraded';
  parts: PartHealth[];
}

export interface DetailedHealthOptions {
  host: string;
  /** Begins to look at every part. */
  look: () => Record<string, PartLook>;
  /** Of the machine. */
  clock: Clock;
  /** Longest wait for a part. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 800;
const EVERY_MS = 10_000;
const NO_ANSWER = 'does not answer';

/** Looks at all parts at once, when asked and, once it watches, every ten seconds. No part keeps the answer longer than the time-out. */
export const createDetailedHealth = ({ host, look, clock, timeoutMs = TIMEOUT_MS }: DetailedHealthOptions) => {
  const seen = new Map<string, Pick<PartHealth, 'state' | 'since'>>();
  let timer: NodeJS.Timeout | undefined;

  const lookAt = async (part: string, looking: PartLook): Promise<PartHealth> => {
    const startedAt = performance.now();
    const late = Promise.withResolvers<string>();
    const ring = setTimeout(() => late.resolve(NO_ANSWER), timeoutMs);
    const reason = await Promise.race([looking.catch(() => NO_ANSWER), late.promise]);
    clearTimeout(ring);
    const state = reason === null ? 'ok' : 'degraded';
    const before = seen.get(part);
    const since = before?.state === state ? before.since : clock.nowIso();
    seen.set(part, { state, since });
    return { part, state, reason, latencyMs: performance.now() - startedAt, since };
  };

  let running: Promise<DetailedHealth> | undefined;
  const lookAtAll = async (): Promise<DetailedHealth> => {
    const parts = await Promise.all(Object.entries(look()).map(([part, looking]) => lookAt(part, looking)));
    const status = parts.every(({ state }) => state === 'ok') ? 'ok' : 'degraded';
    return { host, status, parts };
  };
  /** Whoever asks meanwhile shares the look under way. */
  const read = (): Promise<DetailedHealth> => {
    running ??= lookAtAll().finally(() => {
      running = undefined;
    });
    return running;
  };

  return {
    read,
    watch() {
      timer ??= setInterval(() => void read(), EVERY_MS).unref();
    },
    stop: () => clearInterval(timer),
    routes: Router().get('/health/detailed', async (_request, response) => {
      response.json(await read());
    }),
  };
};

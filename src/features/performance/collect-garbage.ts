import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';
import { AppError } from '../../kernel/app-error.ts';
import { bytes, milliseconds, pod } from './shapes.ts';

export const collected = z
  .strictObject({ host: pod, beforeBytes: bytes, afterBytes: bytes, milliseconds })
  .meta({ id: 'CollectedGarbage' });
export type Collected = z.infer<typeof collected>;

const heapUsed = () => getHeapStatistics().used_heap_size;

let collect: (() => void) | undefined;

/** The collector is not there unless asked for, and what a new context sees is then the engine's own. */
const collector = (): (() => void) => {
  if (collect) return collect;
  setFlagsFromString('--expose-gc');
  const found = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  collect = found;
  return found;
};

const PAUSE_MS = 60_000;

/** Collects garbage, which stops the process meanwhile, and so once a minute at most; `onBegin` is told before. */
export const createGarbageCollection = (host: string, nowMs: () => number) => {
  let nextAt = Number.NEGATIVE_INFINITY;
  return (onBegin: () => void): Collected => {
    const [beforeBytes, startedAt] = [heapUsed(), nowMs()];
    if (startedAt < nextAt) {
      const retryAfterSeconds = Math.ceil((nextAt - startedAt) / 1_000);
      const message = `Garbage is collected once a minute at most. Try again in ${retryAfterSeconds} s.`;
      throw new AppError('too_many', 'GARBAGE_COLLECTED_LATELY', message, {
        retryable: true,
        details: { retryAfterSeconds },
      });
    }
    nextAt = startedAt + PAUSE_MS;
    onBegin();
    collector()();
    return { host, beforeBytes, afterBytes: heapUsed(), milliseconds: nowMs() - startedAt };
  };
};

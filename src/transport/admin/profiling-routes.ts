import { Session } from 'node:inspector/promises';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { getHeapSnapshot } from 'node:v8';
import { type Response, Router } from 'express';
import { AppError, invalid } from '../../kernel/app-error.ts';

export interface ProfilingOptions {
  /** Whether the setting allows it. */
  enabled: boolean;
  /** Names the files. */
  host: string;
  onOperation: (operation: string) => void;
}

const MOST_SECONDS = 60;
const USUAL_SECONDS = 10;

const off = () =>
  new AppError(
    'forbidden',
    'PROFILING_OFF',
    'Start the process with PROFILING=true to take snapshots and profiles of it.',
  );
const busy = () =>
  new AppError('conflict', 'PROFILING_BUSY', 'Another one is being taken. Try again when it is done.', {
    retryable: true,
  });

const secondsOf = (asked: unknown): number => {
  const seconds = asked === undefined ? USUAL_SECONDS : Number(asked);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MOST_SECONDS) return seconds;
  throw invalid('seconds', `Give a whole number from 1 to ${MOST_SECONDS}.`);
};

/** Ends sooner where nobody waits for it any more. */
const cpuProfile = async (seconds: number, gone: AbortSignal): Promise<string> => {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await delay(seconds * 1_000, undefined, { signal: gone }).catch(() => {});
    return JSON.stringify((await session.post('Profiler.stop')).profile);
  } finally {
    session.disconnect();
  }
};

/** Heap snapshots and CPU profiles for the developer tools of a browser, one at a time, written to the answer only. */
export const profilingRoutes = ({ enabled, host, onOperation }: ProfilingOptions): Router => {
  let running = false;
  const inTurn = async (response: Response, name: string, work: (gone: AbortSignal) => Promise<void>) => {
    if (!enabled) throw off();
    if (running) throw busy();
    running = true;
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      onOperation(name);
      await work(gone.signal);
    } finally {
      running = false;
    }
  };
  const attach = (response: Response, ending: string): void => {
    response.attachment(`${host}.${ending}`);
    response.type('application/json');
  };

  const routes = Router();
  routes.post('/performance/memory/snapshot', (_request, response) =>
    inTurn(response, 'heap snapshot', async () => {
      attach(response, 'heapsnapshot');
      // Who goes away in the middle is no fault.
      await pipeline(getHeapSnapshot(), response).catch(() => {});
    }),
  );
  routes.post('/performance/cpu/profile', (request, response) => {
    const seconds = secondsOf(request.query.seconds);
    return inTurn(response, `CPU profile of ${seconds} s`, async (gone) => {
      const profile = await cpuProfile(seconds, gone);
      attach(response, 'cpuprofile');
      response.end(profile);
    });
  });
  return routes;
};

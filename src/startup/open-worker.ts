import { setTimeout as delay } from 'node:timers/promises';
import { type Application, WAKEUP_CHANNEL } from '../compose.ts';
import type { Config } from '../config.ts';
import { connectionForLibraries } from '../platform/db/connection.ts';
import { createQueue, standingOf } from '../platform/jobs/queue.ts';
import { startWorker, type Worker } from '../platform/jobs/worker.ts';

const RETRY_MS = 1_000;

const start = async (
  config: Config,
  { tasks, wakeups, listeners, background }: Application,
  works: boolean,
): Promise<Worker> => {
  const queue = createQueue({
    // A pooler in transaction mode keeps neither locks of a session nor who listens.
    connection: connectionForLibraries(
      (config.DATABASE_POOLER && config.DATABASE_MIGRATION_URL) || config.DATABASE_URL,
    ),
    role: config.DATABASE_ROLE,
    poolSize: works ? config.JOBS_POOL_SIZE : 1,
    tends: works,
    onFault: (error) => listeners.onJobFault('queue', error),
  });
  try {
    const worker = await startWorker(queue, works ? tasks : [], listeners);
    background.began({ pool: () => standingOf(queue, works ? config.JOBS_POOL_SIZE : 1), works });
    const ear = await queue.getDb().listen?.(WAKEUP_CHANNEL, wakeups.hear, wakeups.missed);
    return {
      async stop(graceMs) {
        background.ended();
        await ear?.close();
        await worker.stop(graceMs);
      },
    };
  } catch (error) {
    await queue.stop({ graceful: false });
    throw error;
  }
};

/**
 * Hears of new events in this process and, where it `works`, does the application's background work, dispatch among it. Tries
 * again until the database lets it, as where migrations have yet to run; what keeps it is reported once.
 */
export const openWorker = (config: Config, application: Application, { works }: { works: boolean }): Worker => {
  const { wakeups, dispatcher, listeners } = application;
  const stopping = new AbortController();
  const open = async (): Promise<Worker | null> => {
    for (let tries = 1; !stopping.signal.aborted; tries++) {
      try {
        return await start(config, application, works);
      } catch (error) {
        if (tries === 1) listeners.onJobFault('queue', error);
        await delay(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
    return null;
  };
  const opened = open();
  const deafen = !works
    ? () => {}
    : wakeups.subscribe((tenant) => {
        const told = tenant === null ? dispatcher.tellAll() : dispatcher.tell(tenant);
        told.catch((error: unknown) => listeners.onJobFault('dispatch-events', error));
      });
  return {
    async stop(graceMs) {
      stopping.abort();
      deafen();
      await (await opened)?.stop(graceMs);
    },
  };
};

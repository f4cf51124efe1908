import type { Application } from '../compose.ts';
import type { Config } from '../config.ts';
import { createQueue } from '../platform/jobs/queue.ts';
import { startWorker, type Worker } from '../platform/jobs/worker.ts';
import type { Listeners } from '../platform/telemetry/listeners.ts';

/** Starts to do the application's background work in this process. */
export const openWorker = (config: Config, application: Application, listeners: Listeners): Promise<Worker> => {
  const queue = createQueue({
    url: config.DATABASE_URL,
    role: config.DATABASE_ROLE,
    poolSize: config.JOBS_POOL_SIZE,
    tends: true,
    onFault: (error) => listeners.onJobFault('queue', error),
  });
  return startWorker(queue, application.tasks, listeners.onJobFault);
};

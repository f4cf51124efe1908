import type { PgBoss } from 'pg-boss';
import { openQueue } from './queue.ts';
import type { Task } from './task.ts';

export interface Worker {
  /** Takes no more jobs and calls off what runs, giving it back; resolves within `graceMs`, or a second if that is longer. */
  stop(graceMs: number): Promise<void>;
}

/** Who is told how runs end; one that was called off did not end. */
export interface Told {
  onJobFault: (task: string, error: unknown) => void;
  onJob: (task: string, milliseconds: number, ok: boolean) => void;
}

const POLL_S = 0.5;

const secondsOf = (ms: number) => Math.ceil(ms / 1_000);

/** Does the tasks' jobs, one of a task at a time across all workers; failures are reported and tried again. */
export const startWorker = async (
  queue: PgBoss,
  tasks: readonly Task[],
  { onJobFault: onFault, onJob }: Told,
): Promise<Worker> => {
  const stopping = new AbortController();

  const attempt = async ({ name, run }: Task, signal: AbortSignal): Promise<void> => {
    const startedAt = performance.now();
    try {
      await run(signal);
      onJob(name, performance.now() - startedAt, true);
    } catch (error) {
      if (!signal.aborted) {
        onJob(name, performance.now() - startedAt, false);
        onFault(name, error);
      }
      throw error;
    }
  };

  const open = async (task: Task): Promise<void> => {
    const { name, schedule } = task;
    const recurring = 'everyMs' in schedule;
    await openQueue(queue, name, recurring);
    await queue.work(name, { pollingIntervalSeconds: POLL_S }, async ([job]) => {
      if (!job) return;
      // Before the work, so that neither a failure nor a crash breaks the chain.
      if (recurring) await queue.send(name, {}, { startAfter: secondsOf(schedule.everyMs) });
      const signal = AbortSignal.any([job.signal, stopping.signal]);
      await attempt(task, signal).catch((error: unknown) => {
        // The next run makes up for a failed one; one that was called off is given back.
        if (!recurring || signal.aborted) throw error;
      });
    });
    if (recurring) {
      await queue.unschedule(name);
      // Workers that start together begin one chain, not one each.
      await queue.send(name, {}, { singletonSeconds: secondsOf(schedule.everyMs) });
    } else await queue.schedule(name, schedule.cron);
  };

  await queue.start();
  for (const task of tasks) await open(task);
  return {
    async stop(graceMs) {
      stopping.abort(new Error('the worker stops'));
      await queue.stop({ timeout: graceMs });
    },
  };
};

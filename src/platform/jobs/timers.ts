import { setTimeout as delay } from 'node:timers/promises';

/** Something to be done again and again, for as long as the process runs. */
export interface Job {
  name: string;
  /** From the end of one run to the start of the next, by real time, give or take a tenth. */
  everyMs: number;
  run: () => Promise<unknown>;
}

export interface Timers {
  /** Starts no more runs; resolves once those under way have ended, after `graceMs` at the latest. */
  stop(graceMs: number): Promise<void>;
}

/** Spreads the runs of several processes that were started at once. */
const around = (milliseconds: number) => milliseconds * (0.9 + Math.random() / 5);

/** Runs each job at once and then at its interval, never twice at a time; a run that fails is reported and tried again. */
export const startTimers = (jobs: Job[], onFault: (job: string, error: unknown) => void): Timers => {
  const waiting = new Map<string, NodeJS.Timeout>();
  const running = new Map<string, Promise<unknown>>();
  let stopped = false;

  const start = (job: Job) => {
    const ended = job
      .run()
      .catch((error: unknown) => onFault(job.name, error))
      .then(() => {
        running.delete(job.name);
        const again = () => start(job);
        if (!stopped) waiting.set(job.name, setTimeout(again, around(job.everyMs)));
      });
    running.set(job.name, ended);
  };
  for (const job of jobs) start(job);

  return {
    async stop(graceMs) {
      stopped = true;
      for (const timer of waiting.values()) clearTimeout(timer);
      const grace = new AbortController();
      await Promise.race([
        Promise.all(running.values()),
        delay(graceMs, undefined, { signal: grace.signal }).catch(() => {}),
      ]);
      grace.abort();
    },
  };
};

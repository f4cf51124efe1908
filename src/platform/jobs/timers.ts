import { setTimeout as delay } from 'node:timers/promises';

/** Something to be done again and again, for as long as the process runs. */
export interface Job {
  name: string;
  /** From the end of one run to the start of the next, by real time, give or take a tenth. */
  everyMs: number;
  /** May end at any point once `signal` is aborted, by throwing its reason. */
  run: (signal?: AbortSignal) => Promise<unknown>;
}

export interface Timers {
  /** Calls off what runs and starts nothing more; resolves once all has ended, after `graceMs` at the latest. */
  stop(graceMs: number): Promise<void>;
}

/** Spreads the runs of several processes that were started at once. */
const around = (milliseconds: number) => milliseconds * (0.9 + Math.random() / 5);

/** Runs each job at once and then at its interval, never twice at a time; a run that fails is reported and tried again. */
export const startTimers = (jobs: Job[], onFault: (job: string, error: unknown) => void): Timers => {
  const waiting = new Map<string, NodeJS.Timeout>();
  const running = new Map<string, Promise<unknown>>();
  const stop = new AbortController();

  const start = (job: Job) => {
    const ended = job
      .run(stop.signal)
      .catch((error: unknown) => {
        if (!stop.signal.aborted) onFault(job.name, error);
      })
      .then(() => {
        running.delete(job.name);
        const again = () => start(job);
        if (!stop.signal.aborted) waiting.set(job.name, setTimeout(again, around(job.everyMs)));
      });
    running.set(job.name, ended);
  };
  for (const job of jobs) start(job);

  return {
    async stop(graceMs) {
      stop.abort();
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

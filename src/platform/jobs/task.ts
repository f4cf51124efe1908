/** Background work that comes up again and again, once for all processes together. */
export interface Task {
  /** Small letters, digits and hyphens; also the name of its queue. */
  name: string;
  /** Milliseconds from one start to the next, at least; or a cron expression in UTC. */
  schedule: { everyMs: number } | { cron: string };
  /**
   * May end at any point once `signal` is aborted, by throwing its reason: the job is then given back. Runs again after
   * a failure or a crash, so it must do no harm when done twice.
   */
  run(signal: AbortSignal): Promise<unknown>;
}

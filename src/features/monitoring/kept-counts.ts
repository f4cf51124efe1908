import type { DatabaseCounts } from '../../platform/telemetry/readings.ts';

export interface KeptCountsOptions {
  read: () => Promise<DatabaseCounts>;
  everyMs: number;
  nowMs: () => number;
  onFault: (error: unknown) => void;
}

/** Counts that were not renewed for so many intervals say nothing any more. */
const TRUE_FOR_INTERVALS = 4;

/** Counts again and again, so that a scrape asks no database; `latest` answers null once they are too old. */
export const keepCounts = ({ read, everyMs, nowMs, onFault }: KeptCountsOptions) => {
  let kept: { counts: DatabaseCounts; atMs: number } | null = null;
  let reading = false;
  const look = async () => {
    if (reading) return;
    reading = true;
    try {
      kept = { counts: await read(), atMs: nowMs() };
    } catch (error) {
      onFault(error);
    } finally {
      reading = false;
    }
  };
  void look();
  const timer = setInterval(() => void look(), everyMs).unref();
  return {
    latest: (): DatabaseCounts | null =>
      kept && nowMs() - kept.atMs <= TRUE_FOR_INTERVALS * everyMs ? kept.counts : null,
    stop: () => clearInterval(timer),
  };
};

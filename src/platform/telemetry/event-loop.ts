import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

const RESOLUTION_MS = 10;
const NANOSECONDS = 1e6;
const WINDOW_MS = 5_000;
const WINDOWS = 3;

export interface LoopReading {
  /** By how much timers were late: the 99th of a hundred, and the latest, in milliseconds. */
  lagP99Ms: number;
  lagMaxMs: number;
  /** Share of the time in which the loop was busy, 0 to 1. */
  utilization: number;
}

export interface EventLoopWatch {
  /** Of the last 15 to 20 seconds, however often it is asked. */
  latest(): LoopReading;
  stop(): void;
}

/** Watches the event loop in windows of its own, so that those who ask don't take anything from each other. */
export const watchEventLoop = (): EventLoopWatch => {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const past: LoopReading[] = [];
  // At the begin of the oldest window, and of the present one.
  let marks = [performance.eventLoopUtilization()];
  const lateBy = (nanoseconds: number) => Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS);
  const read = (): LoopReading => ({
    // Before its first sample the histogram says nonsense.
    lagP99Ms: delay.count ? lateBy(delay.percentile(99)) : 0,
    lagMaxMs: delay.count ? lateBy(delay.max) : 0,
    utilization: performance.eventLoopUtilization(performance.eventLoopUtilization(), marks[0]).utilization,
  });
  const turn = setInterval(() => {
    past.push(read());
    delay.reset();
    marks = [...marks, performance.eventLoopUtilization()].slice(-WINDOWS - 1);
    if (past.length > WINDOWS) past.shift();
  }, WINDOW_MS).unref();
  return {
    latest() {
      const now = read();
      const all = [...past, now];
      return {
        lagP99Ms: Math.max(...all.map(({ lagP99Ms }) => lagP99Ms)),
        lagMaxMs: Math.max(...all.map(({ lagMaxMs }) => lagMaxMs)),
        utilization: now.utilization,
      };
    },
    stop() {
      clearInterval(turn);
      delay.disable();
    },
  };
};

import { type Progress, startProgress } from '../cli/progress.ts';
import type { Log } from '../platform/telemetry/logs.ts';

/** What the start is busy with: one rewritten line on a terminal, lines of the log elsewhere. */
export interface Steps {
  next(what: string): void;
  /** How far the step is, in whatever is counted. */
  at(done: number, total: number): void;
  end(): void;
}

const LOG_EVERY_MS = 10_000;

const onTerminal = (stream: NodeJS.WriteStream): Steps => {
  let running: Progress | undefined;
  return {
    next(what) {
      running?.end();
      running = startProgress(what.replace(/\.$/, ''), stream);
    },
    at: (done, total) => running?.at(done, total),
    end() {
      running?.end();
      running = undefined;
    },
  };
};

const inLog = (log: Log): Steps => {
  let step = '';
  let loggedAt = 0;
  return {
    next(what) {
      step = what;
      loggedAt = performance.now();
      log.info(what);
    },
    at(done, total) {
      if (performance.now() - loggedAt < LOG_EVERY_MS) return;
      loggedAt = performance.now();
      log.info(`${step}: ${Math.floor((100 * done) / Math.max(total, 1))} %`);
    },
    end: () => {},
  };
};

export const createSteps = (log: Log, stream: NodeJS.WriteStream = process.stderr): Steps =>
  stream.isTTY ? onTerminal(stream) : inLog(log);

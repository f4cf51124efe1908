import { type Progress, startProgress } from '../cli/progress.ts';
import type { Log } from '../platform/telemetry/logs.ts';

/** What the start is busy with: one rewritten line on a terminal, lines of the log elsewhere. */
export interface Steps {
  next(what: string): void;
  end(): void;
}

export const createSteps = (log: Log, stream: NodeJS.WriteStream = process.stderr): Steps => {
  let running: Progress | undefined;
  return {
    next(what) {
      if (!stream.isTTY) return log.info(what);
      running?.end();
      running = startProgress(what.replace(/\.$/, ''), stream);
    },
    end() {
      running?.end();
      running = undefined;
    },
  };
};

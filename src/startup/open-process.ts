import { setFlagsFromString } from 'node:v8';
import { readSurroundings, type Settings } from '../config.ts';
import { parseLogLevels } from '../kernel/log-levels.ts';
import { gatheredStream } from '../platform/telemetry/gathered-stream.ts';
import { createLogThresholds, type LogThresholds } from '../platform/telemetry/log-thresholds.ts';
import { createLog, type Log } from '../platform/telemetry/logs.ts';
import { listenForStop, type StopRequest } from './stop-request.ts';

/**
 * How far the heap may outgrow what is alive before it is collected. Left to itself, V8 lets it grow with the machine's
 * memory: a replay of 4 000 rows peaked at 339 and 367 MB, with this at 260 and 263 MB, in the same time.
 */
const HEAP_GROWTH_PERCENT = 50;

/** What a process that runs until it is told to stop begins with: its log, and how it learns that it should stop. */
export const openProcess = (settings: Settings): { log: Log; logLevels: LogThresholds; stop: StopRequest } => {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  const { production, startedByNpm } = readSurroundings();
  const forTheEye = process.stderr.isTTY && !production;
  const format = settings.LOG_FORMAT === 'auto' ? (forTheEye ? 'text' : 'json') : settings.LOG_FORMAT;
  const lines = gatheredStream(process.stderr);
  process.on('exit', lines.flush);
  const logLevels = createLogThresholds(settings.LOG_LEVEL, parseLogLevels(settings.LOG_LEVELS ?? '') ?? {});
  const log = createLog({ thresholds: logLevels, format, stream: format === 'json' ? lines : process.stderr });
  const stop = listenForStop({ startedByNpm });
  process.on('uncaughtException', (error) => {
    log.error('ended by a fault', { error });
    process.exit(1);
  });
  return { log, logLevels, stop };
};

import { pino } from 'pino';
import { systemClock } from '../../kernel/clock.ts';
import type { LogLevel, LogModule } from '../../kernel/log-levels.ts';
import { errorFields } from './error-fields.ts';
import { lineTime } from './line-time.ts';
import { createLogThresholds, type LogThresholds, SEVERITY } from './log-thresholds.ts';
import { textLine } from './text-lines.ts';

/** All that a line can say beside its message; anything else given is left out. */
export interface LogFields {
  requestId?: string;
  /** Of the trace that recorded it. */
  traceId?: string | undefined;
  method?: string;
  path?: string;
  status?: number;
  aborted?: boolean;
  milliseconds?: number;
  statements?: number;
  databaseMilliseconds?: number;
  sql?: string;
  /** The same for statements that differ in their literals only. */
  fingerprint?: string;
  /** Several lines. */
  plan?: string;
  target?: string;
  task?: string;
  consumer?: string;
  eventId?: string;
  count?: number;
  signal?: string;
  url?: string;
  instant?: string;
  reason?: string;
  server?: string;
  lagMs?: number | null;
  /** What an operator did, and who: a principal's id, or the admin port. */
  operation?: string;
  by?: string;
  migrations?: string[];
  /** Shown by errorFields, with its causes. */
  error?: unknown;
}

type Write = (message: string, fields?: LogFields) => void;

type Method = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** The lines of one module. */
export interface ModuleLog extends Record<Method, Write> {
  /** Whether lines at trace are written, for those that take time to put together. */
  readonly traces: boolean;
}

/** The lines of `startup`; those of other modules by name. */
export interface Log extends ModuleLog {
  of(module: LogModule): ModuleLog;
}

export interface LogOptions {
  /** Of all modules unless `thresholds` are given. */
  level?: LogLevel;
  /** The level of each module, which may change. */
  thresholds?: LogThresholds;
  format: 'json' | 'text';
  /** Where lines go; text is coloured when this is a terminal. */
  stream: { write(text: string): unknown };
}

const FIELDS = [
  'requestId',
  'traceId',
  'method',
  'path',
  'status',
  'aborted',
  'milliseconds',
  'statements',
  'databaseMilliseconds',
  'sql',
  'fingerprint',
  'plan',
  'target',
  'task',
  'consumer',
  'eventId',
  'count',
  'signal',
  'url',
  'instant',
  'reason',
  'server',
  'lagMs',
  'operation',
  'by',
  'migrations',
] as const satisfies (keyof LogFields)[];

const SHOWN: ReadonlySet<string> = new Set(FIELDS);

const allowed = (fields: LogFields): object => {
  // Most lines hold nothing else.
  if (Object.keys(fields).every((name) => SHOWN.has(name))) return fields;
  const picked: Record<string, unknown> = {};
  for (const name of FIELDS) picked[name] = fields[name];
  if (fields.error !== undefined) picked.error = errorFields(fields.error);
  return picked;
};

/** Lines of JSON (level, time, module, fields and msg), or the same for the eye. */
export const createLog = ({
  level = 'info',
  thresholds = createLogThresholds(level),
  format,
  stream,
}: LogOptions): Log => {
  const destination = format === 'json' ? stream : { write: (line: string) => stream.write(textLine(line, stream)) };
  const logger = pino(
    {
      level: 'trace',
      base: null,
      timestamp: lineTime(systemClock.nowMs),
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => void destination.write(line) },
  );
  const moduleLog = (module: LogModule): ModuleLog => {
    const threshold = thresholds.of(module);
    const lines = logger.child({ module });
    const write = (method: Method): Write => {
      const severity = SEVERITY[method];
      return (message, fields = {}) => {
        if (severity >= threshold.severity) lines[method](allowed(fields), message);
      };
    };
    return {
      ...{
        trace: write('trace'),
        debug: write('debug'),
        info: write('info'),
        warn: write('warn'),
        error: write('error'),
      },
      get traces() {
        return threshold.severity <= SEVERITY.trace;
      },
    };
  };
  return Object.assign(moduleLog('startup'), { of: moduleLog });
};

const ignore: Write = () => {};
const silent: ModuleLog = {
  ...{ trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore },
  traces: false,
};

export const silentLog: Log = { ...silent, of: () => silent };

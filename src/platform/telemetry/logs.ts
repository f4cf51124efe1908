import { pino } from 'pino';
import { type ErrorFields, errorFields } from './error-fields.ts';
import { textLine } from './text-lines.ts';

/** All that a line can say beside its message; anything else given is left out. */
export interface LogFields {
  requestId?: string;
  method?: string;
  path?: string;
  status?: number;
  aborted?: boolean;
  milliseconds?: number;
  statements?: number;
  databaseMilliseconds?: number;
  sql?: string;
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
  migrations?: string[];
  /** Shown by errorFields, with its causes. */
  error?: unknown;
}

type Write = (message: string, fields?: LogFields) => void;

export interface Log {
  debug: Write;
  info: Write;
  warn: Write;
  error: Write;
}

export interface LogOptions {
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  format: 'json' | 'text';
  /** Where lines go; text is coloured when this is a terminal. */
  stream: { write(text: string): unknown };
}

const FIELDS = [
  'requestId',
  'method',
  'path',
  'status',
  'aborted',
  'milliseconds',
  'statements',
  'databaseMilliseconds',
  'sql',
  'target',
  'task',
  'consumer',
  'eventId',
  'count',
  'signal',
  'url',
  'instant',
  'reason',
  'migrations',
] as const satisfies (keyof LogFields)[];

const allowed = (fields: LogFields): Record<string, unknown> & { error?: ErrorFields } => {
  const picked = Object.fromEntries(
    FIELDS.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])),
  );
  return fields.error === undefined ? picked : { ...picked, error: errorFields(fields.error) };
};

/** Lines of JSON (level, time, msg and fields), or the same for the eye. */
export const createLog = ({ level, format, stream }: LogOptions): Log => {
  const destination = format === 'json' ? stream : { write: (line: string) => stream.write(textLine(line, stream)) };
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => void destination.write(line) },
  );
  const write =
    (method: keyof Log): Write =>
    (message, fields = {}) => {
      if (logger.isLevelEnabled(method)) logger[method](allowed(fields), message);
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
};

const ignore: Write = () => {};

export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

import { AppError } from '../../kernel/app-error.ts';

/** What the log shows of an error: nothing that could hold a value someone sent. */
export interface ErrorFields {
  type: string;
  message: string;
  code?: string;
  constraint?: string;
  table?: string;
  stack?: string;
  cause?: ErrorFields;
}

const MAX_DEPTH = 5;
const MAX_FRAMES = 12;

/** Faults of PostgreSQL in data quote the data; all others quote names. */
const QUOTES_DATA = /^(22|P0|XX)/;

const textOf = (error: Error, name: string): string | undefined => {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
};

const MAY_BE_SHOWN = [AppError, TypeError, ReferenceError];

const isShownWhole = (error: Error): boolean => MAY_BE_SHOWN.some((kind) => error instanceof kind) || 'errno' in error;

const messageOf = (error: Error): string => {
  if (isShownWhole(error)) return error.message;
  const code = textOf(error, 'code') ?? '';
  const namesOnly = /^[0-9A-Z]{5}$/.test(code) && !QUOTES_DATA.test(code);
  const firstLine = error.message.split('\n', 1)[0] ?? '';
  const masked = firstLine.replaceAll(/'(?:[^']|'')*'/g, "'?'");
  return namesOnly ? masked : masked.replaceAll(/"(?:[^"]|"")*"/g, '"?"');
};

const framesOf = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at ') && !line.includes('(node:internal'))
    .slice(0, MAX_FRAMES)
    .join('\n');

/** An error and its causes by an allow-list of fields, quoted values masked; values of other types show their type. */
export const errorFields = (thrown: unknown, depth = 1): ErrorFields => {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: 'something that is no Error was thrown' };
  const fields: ErrorFields = { type: thrown.name, message: messageOf(thrown) };
  for (const name of ['code', 'constraint', 'table'] as const) {
    const value = textOf(thrown, name);
    if (value) fields[name] = value;
  }
  const stack = framesOf(thrown);
  if (stack) fields.stack = stack;
  const inner: unknown = thrown instanceof AggregateError ? (thrown.cause ?? thrown.errors[0]) : thrown.cause;
  if (inner !== undefined && depth < MAX_DEPTH) fields.cause = errorFields(inner, depth + 1);
  return fields;
};

import { z } from 'zod';
import { invalid } from './app-error.ts';
import { isLocalDate } from './dates.ts';
import { isCurrency } from './money.ts';

/** The shapes that all procedures share on the wire. */
export const id = z.uuid('Not an id.').meta({ description: 'UUID' });

export const localDate = z
  .string()
  .refine(isLocalDate, 'Not a date of the form YYYY-MM-DD.')
  .meta({ format: 'date', description: "The property's local date.", examples: ['2026-05-01'] });

/** An instant in UTC, ISO 8601 with milliseconds. */
export const instant = z.iso.datetime({ precision: 3 }).meta({ format: 'date-time' });

export const currency = z
  .string()
  .refine((code) => /^[A-Z]{3}$/.test(code) && isCurrency(code), 'Not a currency code of ISO 4217.')
  .meta({ examples: ['EUR'] });

/** ISO 3166-1 alpha-3 or alpha-2. */
export const country = z.string().regex(/^[A-Z]{2,3}$/, 'Not a country code of two or three capital letters.');

/** `max` characters of text, trimmed, not empty. */
export const text = (max: number) => z.string().trim().min(1, 'Must not be empty.').max(max);

/** Below a tenth of a millimetre on Earth; numbers much nearer to zero than that are no float8 for PostgreSQL. */
const NO_DISTANCE = 1e-9;
export const flushTiny = (value: number): number => (Math.abs(value) < NO_DISTANCE ? 0 : value);

/** Degrees (WGS 84). */
export const latitude = z.number().min(-90).max(90).overwrite(flushTiny);
export const longitude = z.number().min(-180).max(180).overwrite(flushTiny);

export const arrivalDeparture = { arrival: localDate, departure: localDate };

const cursor = z.string().max(500).meta({ description: 'The `nextCursor` of the page before.' });

/** What every list takes: 20 rows unless told, 100 at most. */
export const pageInput = { limit: z.int().min(1).max(100).default(20), cursor: cursor.optional() };

/** What every list answers; `nextCursor` is null on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });

/** A page's position as opaque text. */
export const encodeCursor = (position: readonly (string | number | null)[]): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

/** Reads a cursor against the shape that its list writes; throws AppError INVALID_CURSOR for any other text. */
export const decodeCursor = <T>(given: string, shape: z.ZodType<T>): T => {
  try {
    const position = Buffer.from(given, 'base64url').toString();
    if (position.includes('\\u0000')) throw new Error('no list writes a NUL');
    return shape.parse(JSON.parse(position));
  } catch {
    throw invalid('cursor', 'Send the nextCursor of the page before unchanged, or none to begin.', 'INVALID_CURSOR');
  }
};

/** Cuts the one row too many that a list asks for, and makes the cursor from the last row that stays. */
export const toPage = <Row>(
  rows: Row[],
  limit: number,
  position: (row: Row) => readonly (string | number | null)[],
): { items: Row[]; nextCursor: string | null } => {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodeCursor(position(last)) : null };
};

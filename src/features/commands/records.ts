import { sql } from 'kysely';
import type { Sql } from '../../platform/db/database.ts';

/** A row as JSON, by column; a column that is left out is null. */
export type Row = Record<string, unknown>;

/** Rows of audit_entry and idempotency_key. */
export interface Records {
  audits: Row[];
  answers: Row[];
}

/** bytea as it is written in JSON. */
export const bytea = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`;

/** The bytes of a bytea that was read as JSON. */
export const bytesOf = (hex: string): Buffer => Buffer.from(hex.slice(2), 'hex');

const HALF_CHARACTER = /\\ud[89a-f][\da-f]{2}/;

/** JSON that PostgreSQL reads: what is no proper text becomes one, as it does in parameters that are text. */
export const toJson = (value: unknown): string => {
  const json = JSON.stringify(value);
  if (!HALF_CHARACTER.test(json)) return json;
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? inner.toWellFormed() : inner));
};

/** Writes all that commands leave behind, in one statement. */
export const writeRecords = async (db: Sql, records: Records): Promise<void> => {
  await sql`select app.record_commands(${toJson(records)}::jsonb)`.execute(db);
};

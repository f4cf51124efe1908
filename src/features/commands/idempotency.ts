import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '../../kernel/app-error.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { Caller } from './caller.ts';
import type { GuestVault } from './guest-vault.ts';
import { bytea, type Row } from './records.ts';

/** The input field of every domain mutation (header Idempotency-Key in REST): the caller's name for this one intent. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{8,128}$/, 'Use 8 to 128 printable characters without spaces, best a UUID.');

/** What stands in idempotency_key. */
export interface StoredAnswer {
  procedure: string;
  request_mac: Buffer;
  answer: Buffer;
  guest_id: string | null;
}

/** A call of a command by its key: what it asks for as a digest, with the caller where the answer is theirs alone. */
export interface KeyedRequest {
  key: string;
  procedure: string;
  mac: Buffer;
}

const LIFETIME_MS = 24 * 3_600_000;

/** Whose answers a key may replay: a booker never gets another one's, whatever key and body it guesses. */
const ownOf = ({ principal }: Caller): string | null => (principal.ownBookingsOnly ? principal.id : null);

export const keyedRequest = (
  vault: GuestVault,
  caller: Caller,
  procedure: string,
  { idempotencyKey: key, ...request }: { idempotencyKey: string },
): KeyedRequest => ({ key, procedure, mac: vault.digest(JSON.stringify([procedure, request, ownOf(caller)])) });

/** What the earlier call was told. Throws AppError IDEMPOTENCY_KEY_REUSED when that asked for something else. */
export const replayed = async (
  db: Sql,
  vault: GuestVault,
  { procedure, mac }: KeyedRequest,
  earlier: StoredAnswer,
): Promise<unknown> => {
  if (earlier.procedure !== procedure || !earlier.request_mac.equals(mac)) {
    throw new AppError(
      'conflict',
      'IDEMPOTENCY_KEY_REUSED',
      'This idempotency key was used for another request. Make a new key for each new intent.',
      { fields: [{ path: 'idempotencyKey', message: 'Already used for another request.' }] },
    );
  }
  const text = earlier.guest_id ? await vault.open(db, earlier.guest_id, earlier.answer) : earlier.answer.toString();
  return JSON.parse(text);
};

/**
 * Waits for a running twin, then answers what an earlier call with this key was told, or null when there was none.
 * Throws AppError IDEMPOTENCY_KEY_REUSED when that call asked for something else.
 */
export const findEarlierAnswer = async (
  db: Sql,
  vault: GuestVault,
  request: KeyedRequest,
  nowIso: string,
): Promise<{ answer: unknown } | null> => {
  const claimed = await sql<StoredAnswer>`
    select c.procedure, c.request_mac, c.answer, c.guest_id
    from app.claim_idempotency_key(${request.key}, ${nowIso}::timestamptz) c`.execute(db);
  const earlier = claimed.rows[0];
  return earlier ? { answer: await replayed(db, vault, request, earlier) } : null;
};

/** The row that keeps the answer for 24 hours, to be written in the transaction that made it true. */
export const answerRow = async (
  db: Sql,
  vault: GuestVault,
  { key, procedure, mac }: KeyedRequest,
  done: { tenant: string; answer: unknown; guestId: string | null; nowMs: number },
): Promise<Row> => {
  const text = JSON.stringify(done.answer ?? null);
  const stored = done.guestId ? await vault.seal(db, done.guestId, text) : Buffer.from(text);
  return {
    tenant_id: done.tenant,
    key,
    procedure,
    request_mac: bytea(mac),
    answer: bytea(stored),
    guest_id: done.guestId,
    expires_at: new Date(done.nowMs + LIFETIME_MS).toISOString(),
  };
};

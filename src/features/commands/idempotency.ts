import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '../../kernel/app-error.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { GuestVault } from './guest-vault.ts';

/** The input field of every domain mutation (header Idempotency-Key in REST): the caller's name for this one intent. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{8,128}$/, 'Use 8 to 128 printable characters without spaces, best a UUID.');

interface StoredAnswer {
  procedure: string;
  request_mac: Buffer;
  answer: Buffer;
  guest_id: string | null;
}

const LIFETIME_MS = 24 * 3_600_000;

/**
 * Waits for a running twin, then answers what an earlier call with this key was told, or null when there was none.
 * Throws AppError IDEMPOTENCY_KEY_REUSED when that call asked for something else.
 */
export const findEarlierAnswer = async (
  db: Sql,
  vault: GuestVault,
  key: string,
  procedure: string,
  mac: Buffer,
  nowIso: string,
): Promise<{ answer: unknown } | null> => {
  const claimed = await sql<StoredAnswer>`
    select * from app.claim_idempotency_key(${key}, ${nowIso}::timestamptz)`.execute(db);
  const earlier = claimed.rows[0];
  if (!earlier) return null;
  if (earlier.procedure !== procedure || !earlier.request_mac.equals(mac)) {
    throw new AppError(
      'conflict',
      'IDEMPOTENCY_KEY_REUSED',
      'This idempotency key was used for another request. Make a new key for each new intent.',
      { fields: [{ path: 'idempotencyKey', message: 'Already used for another request.' }] },
    );
  }
  const text = earlier.guest_id ? await vault.open(db, earlier.guest_id, earlier.answer) : earlier.answer.toString();
  return { answer: JSON.parse(text) };
};

/** Keeps the answer for 24 hours, in the transaction that made it true. */
export const storeAnswer = async (
  db: Sql,
  vault: GuestVault,
  row: { key: string; procedure: string; mac: Buffer; answer: unknown; guestId: string | null; nowMs: number },
): Promise<void> => {
  const text = JSON.stringify(row.answer ?? null);
  const stored = row.guestId ? await vault.seal(db, row.guestId, text) : Buffer.from(text);
  const expiresAt = new Date(row.nowMs + LIFETIME_MS).toISOString();
  await sql`
    insert into idempotency_key (key, procedure, request_mac, answer, guest_id, expires_at)
    values (${row.key}, ${row.procedure}, ${row.mac}, ${stored}, ${row.guestId}, ${expiresAt})
    on conflict (tenant_id, key) do update set procedure = excluded.procedure, request_mac = excluded.request_mac,
      answer = excluded.answer, guest_id = excluded.guest_id, expires_at = excluded.expires_at`.execute(db);
};

import { createHmac, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { AppError } from '../../kernel/app-error.ts';
import { deriveKey, seal, unseal } from '../../kernel/sealing.ts';
import type { Sql } from '../../platform/db/database.ts';

/** Seals personal data under a key per guest, itself wrapped under the master key: deleting the guest's key erases all of it. */
export interface GuestVault {
  /** Makes the key of a new guest and answers it wrapped, for the row of guest_key that the transaction adds. */
  newKey(db: Sql, guestId: string): Buffer;
  seal(db: Sql, guestId: string, text: string): Promise<Buffer>;
  /** Throws AppError GUEST_ERASED when the guest's key is gone. */
  open(db: Sql, guestId: string, sealed: Buffer): Promise<string>;
  /** A keyed digest of a request, so that a stored one gives nothing away. */
  digest(text: string): Buffer;
}

/** `masterSecret` is the setting DATA_KEY; two keys are derived from it. */
export const createGuestVault = (masterSecret: string): GuestVault => {
  const wrapping = deriveKey(masterSecret, 'guest-key-wrapping');
  const digesting = deriveKey(masterSecret, 'request-digest');

  // A command seals with the key that it has just made or read; the entry goes with its transaction.
  const known = new WeakMap<Sql, Map<string, Buffer>>();
  const remember = (db: Sql, guestId: string, key: Buffer): Buffer => {
    if (db.isTransaction) known.set(db, (known.get(db) ?? new Map<string, Buffer>()).set(guestId, key));
    return key;
  };

  const keyOf = async (db: Sql, guestId: string): Promise<Buffer> => {
    const remembered = known.get(db)?.get(guestId);
    if (remembered) return remembered;
    const found = await sql<{ wrapped_key: Buffer }>`
      select wrapped_key from guest_key where tenant_id = app.tenant() and guest_id = ${guestId}`.execute(db);
    const wrapped = found.rows[0]?.wrapped_key;
    if (!wrapped) {
      throw new AppError('not_found', 'GUEST_ERASED', 'This answer held data of a guest that has been erased since.');
    }
    return remember(db, guestId, unseal(wrapping, wrapped));
  };

  return {
    newKey: (db, guestId) => seal(wrapping, remember(db, guestId, randomBytes(32))),
    seal: async (db, guestId, text) => seal(await keyOf(db, guestId), Buffer.from(text)),
    open: async (db, guestId, sealed) => unseal(await keyOf(db, guestId), sealed).toString(),
    digest: (text) => createHmac('sha256', digesting).update(text).digest(),
  };
};

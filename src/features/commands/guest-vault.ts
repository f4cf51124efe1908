import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { AppError } from '../../kernel/app-error.ts';
import type { Sql } from '../../platform/db/database.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM; the nonce stands before the text and the tag behind it. */
const encrypt = (key: Buffer, text: Buffer): Buffer => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
};

const decrypt = (key: Buffer, sealed: Buffer): Buffer => {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
};

/** Seals personal data under a key per guest, itself wrapped under the master key: deleting the guest's key erases all of it. */
export interface GuestVault {
  /** Makes the key of a new guest, whose row must exist. */
  createKey(db: Sql, guestId: string): Promise<void>;
  seal(db: Sql, guestId: string, text: string): Promise<Buffer>;
  /** Throws AppError GUEST_ERASED when the guest's key is gone. */
  open(db: Sql, guestId: string, sealed: Buffer): Promise<string>;
  /** A keyed digest of a request, so that a stored one gives nothing away. */
  digest(text: string): Buffer;
}

/** `masterSecret` is the setting DATA_KEY; two keys are derived from it (HKDF, RFC 5869). */
export const createGuestVault = (masterSecret: string): GuestVault => {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', masterSecret, '', purpose, 32));
  const wrapping = derive('guest-key-wrapping');
  const digesting = derive('request-digest');

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
    return remember(db, guestId, decrypt(wrapping, wrapped));
  };

  return {
    async createKey(db, guestId) {
      const wrapped = encrypt(wrapping, remember(db, guestId, randomBytes(32)));
      await sql`insert into guest_key (guest_id, wrapped_key) values (${guestId}, ${wrapped})`.execute(db);
    },
    seal: async (db, guestId, text) => encrypt(await keyOf(db, guestId), Buffer.from(text)),
    open: async (db, guestId, sealed) => decrypt(await keyOf(db, guestId), sealed).toString(),
    digest: (text) => createHmac('sha256', digesting).update(text).digest(),
  };
};

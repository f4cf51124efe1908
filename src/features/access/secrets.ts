import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** The digest under which a random secret of 256 bits is stored; such a secret needs no slow hash. */
export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares two digests of one length without telling by its time where they differ. */
export const sameDigest = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** Keys for one purpose each, derived from the setting AUTH_SECRET (HKDF, RFC 5869). */
export interface DerivedKeys {
  /** Signs access tokens. */
  accessToken: Buffer;
  /** Keyed digest of what sign-in attempts are counted by, so that the counters name nobody. */
  attemptKey(kind: 'account' | 'address', ...parts: string[]): Buffer;
  /** 16 bytes that are the same for the same parts, and differ for all others. */
  salt(...parts: string[]): Buffer;
}

export const deriveKeys = (authSecret: string): DerivedKeys => {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', authSecret, '', purpose, 32));
  const attempts = derive('sign-in-attempt');
  const salts = derive('password-salt');
  const mac = (key: Buffer, parts: string[]) => createHmac('sha256', key).update(JSON.stringify(parts)).digest();
  return {
    accessToken: derive('access-token'),
    attemptKey: (kind, ...parts) => mac(attempts, [kind, ...parts]),
    salt: (...parts) => mac(salts, parts).subarray(0, 16),
  };
};

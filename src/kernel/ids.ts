import { randomBytes, randomInt } from 'node:crypto';
import { v7 } from 'uuid';

/** Makes ids. UUIDv7 (RFC 9562), so that rows of one time lie together in the index. */
export interface Ids {
  uuid(): string;
  /** A confirmation code that is easy to read out: 10 characters of Crockford's base 32 (no I, L, O, U), 50 bits. */
  confirmationCode(): string;
  /** `bytes` random bytes as base64url, for secrets. */
  secret(bytes: number): string;
  /** At least 0 and below 1, to spread what would happen all at once. */
  fraction(): number;
}

const CODE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export const randomIds: Ids = {
  uuid: () => v7(),
  confirmationCode: () => Array.from(randomBytes(10), (byte) => CODE_ALPHABET[byte & 31]).join(''),
  secret: (bytes) => randomBytes(bytes).toString('base64url'),
  fraction: () => randomInt(1_000_000) / 1_000_000,
};

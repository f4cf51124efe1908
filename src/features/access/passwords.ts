import { type Argon2Parameters, argon2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { sameDigest } from './secrets.ts';

const derive = promisify<'argon2id', Argon2Parameters, Buffer>(argon2);

/** OWASP's recommendation for argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 };
const HASH_BYTES = 32;
const SHAPE = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

// One spelling of what looks the same, so that a password typed on another keyboard is still the same.
const message = (password: string) => Buffer.from(password.normalize('NFKC'));
const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
const phc = (salt: Buffer, hash: Buffer) =>
  `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(salt)}$${base64(hash)}`;

/** The password's argon2id hash as a PHC string. `salt` has 16 bytes and must be used for one user's password only. */
export const hashPassword = async (password: string, salt: Buffer): Promise<string> =>
  phc(salt, await derive('argon2id', { ...COST, message: message(password), nonce: salt, tagLength: HASH_BYTES }));

/** A hash of nothing, that takes as long to verify as any other. */
export const DUMMY_HASH = phc(randomBytes(16), randomBytes(HASH_BYTES));

/** True when `stored` (a PHC string) is the password's hash; throws when it is no hash of this kind. */
export const verifyPassword = async (password: string, stored: string): Promise<boolean> => {
  const [, memory, passes, parallelism, salt, hash] = SHAPE.exec(stored) ?? [];
  if (!salt || !hash) throw new Error('the stored password hash is damaged');
  const expected = Buffer.from(hash, 'base64');
  const actual = await derive('argon2id', {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    message: message(password),
    nonce: Buffer.from(salt, 'base64'),
    tagLength: expected.length,
  });
  return sameDigest(actual, expected);
};

import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DUMMY_HASH, hashPassword, verifyPassword } from '../../../src/features/access/passwords.ts';

test('a hash verifies its own password and no other', async () => {
  const pair = fc.tuple(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }));
  await fc.assert(
    fc.asyncProperty(pair, async ([password, other]) => {
      const hash = await hashPassword(password, randomBytes(16));
      expect(await verifyPassword(password, hash)).toBe(true);
      expect(await verifyPassword(other, hash)).toBe(other.normalize('NFKC') === password.normalize('NFKC'));
    }),
    { numRuns: 15 },
  );
});

// From the test vectors of the reference implementation: 64 MiB, two passes.
test('hashes of other implementations and other costs verify, too', async () => {
  const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  expect(await verifyPassword('password', reference)).toBe(true);
  expect(await verifyPassword('passwort', reference)).toBe(false);
});

test('the hash of nothing costs as much as a real one', async () => {
  const shape = (hash: string) => hash.replace(/[A-Za-z0-9+/]{22,}/g, (part) => `<${part.length}>`);
  expect(shape(DUMMY_HASH)).toBe(shape(await hashPassword('whatever it is', randomBytes(16))));
});

test('a damaged hash is a fault, not a wrong password', async () => {
  await expect(verifyPassword('x', '$2b$12$nope')).rejects.toThrow('damaged');
});

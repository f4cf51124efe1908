import { hash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAccessTokens } from '../../../src/features/access/access-tokens.ts';
import { createAuthenticate } from '../../../src/features/access/authenticate.ts';
import { createKnownDigests } from '../../../src/features/access/known-digests.ts';
import { createPrincipalCache } from '../../../src/features/access/principal-cache.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { operatorOf } from '../../../src/kernel/principal.ts';

const started = () => {
  const principals = createPrincipalCache(
    () => ({ ageMs: () => 0 }),
    () => 0,
  );
  const { authenticateKept } = createAuthenticate({
    database: { read: () => Promise.reject(new Error('The database is not asked.')) },
    clock: systemClock,
    tokens: createAccessTokens(Buffer.alloc(32), systemClock, 60_000),
    keyUse: { note: () => {}, settled: async () => {} },
    principals,
  });
  return { authenticateKept, principals };
};

const tenantOf = (key: string) => (key.endsWith('a') ? 'a' : 'b');

test('whatever was asked before, a caller is known while it is kept, and not once access has changed', () => {
  const key = fc.constantFrom('ik_1a', 'ik_2a', 'ik_3b', 'pk_4b');
  const step = fc.oneof(
    fc.record({ ask: key, scheme: fc.constantFrom('Bearer ', 'bearer  ', 'Basic ') }),
    fc.record({ keep: key }),
    fc.record({ drop: fc.constantFrom('a', 'b') }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { authenticateKept, principals } = started();
      const known = new Set<string>();
      for (const one of steps) {
        if ('keep' in one) {
          known.add(one.keep);
          const kept = { principal: operatorOf(tenantOf(one.keep)), expiresAtMs: null, isCertain: true };
          principals.keep(hash('sha256', one.keep), kept, principals.generation());
        } else if ('drop' in one) {
          for (const dropped of known) if (tenantOf(dropped) === one.drop) known.delete(dropped);
          principals.drop(one.drop);
        } else {
          const isKnown = known.has(one.ask) && one.scheme !== 'Basic ';
          const { principal } = authenticateKept(one.scheme + one.ask);
          expect(principal?.tenant).toBe(isKnown ? tenantOf(one.ask) : undefined);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('a header that was asked for again and again speaks for nobody from the moment access changes', () => {
  const { authenticateKept, principals } = started();
  const kept = { principal: operatorOf('a'), expiresAtMs: null, isCertain: true };
  principals.keep(hash('sha256', 'ik_1a'), kept, principals.generation());
  for (let asked = 0; asked < 3; asked++) {
    expect(authenticateKept('Bearer ik_1a')).toEqual({ principal: kept.principal, isStranger: false });
  }
  principals.drop('b');
  expect(authenticateKept('Bearer ik_1a').principal).toBe(kept.principal);
  principals.drop('a');
  expect(authenticateKept('Bearer ik_1a')).toEqual({ principal: null, isStranger: false });
  principals.forget(hash('sha256', 'ik_1a'));
  expect(authenticateKept('Bearer ik_1a')).toEqual({ principal: null, isStranger: true });
});

test('headers are remembered until they are forgotten, but for long ones and more than a thousand', () => {
  const digests = createKnownDigests();
  for (let n = 0; n < 1_010; n++) digests.keep(`Bearer ${n}`, `digest ${n}`);
  expect(digests.get('Bearer 9')).toBeUndefined();
  expect(digests.get('Bearer 10')).toBe('digest 10');
  digests.forget('Bearer 10');
  expect(digests.get('Bearer 10')).toBeUndefined();
  const long = `Bearer ${'x'.repeat(4_000)}`;
  digests.keep(long, 'digest');
  expect(digests.get(long)).toBeUndefined();
});

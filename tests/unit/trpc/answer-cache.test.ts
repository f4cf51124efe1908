import { expect, test } from 'vitest';
import { operatorOf } from '../../../src/kernel/principal.ts';
import { newVersions } from '../../../src/kernel/versions.ts';
import { createCache } from '../../../src/platform/cache/index.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { createAnswerCache } from '../../../src/transport/trpc/answer-cache.ts';

const newCache = () =>
  createCache({
    maxBytes: 1_000_000,
    nowMs: () => 0,
    fraction: () => 0,
    follow: () => ({ hasTold: () => true, catchUp: async () => true, ageMs: () => 0 }),
  });

test('the texts of inputs that are known take 8 MB at most, the latest of them', async () => {
  const cache = newCache();
  const { answers } = createAnswerCache(cache);
  const call = { type: 'search', key: 'k', tags: ['tag'], permission: 'properties:read' } as const;
  const position = { timeline: '00000001', lsn: '0/10' };
  await cache.get({ ...call, tenant: 't', versions: newVersions(null) }, async (versions) =>
    Object.assign(versions, { includes: position, seen: position }),
  );
  const context = { requestId: 'x', principal: operatorOf('t'), scope: newScope('t'), sourceAddress: '' };
  const texts = Array.from({ length: 4_000 }, (_, number) => `${number}`.padEnd(4_000));
  for (const text of texts) answers.know('availability.search', text, call);
  const known = texts.filter((text) => answers.kept(context, `availability.search ${text}`));
  expect(known.length).toBeGreaterThan(500);
  expect(known.length).toBeLessThan(8_000_000 / (2 * 4_000));
  expect(known.at(-1)).toBe(texts.at(-1));
});

import { expect, test } from 'vitest';
import { z } from 'zod';
import { operatorOf } from '../../../src/kernel/principal.ts';
import { createCache } from '../../../src/platform/cache/index.ts';
import { deadlineIn } from '../../../src/platform/db/deadline.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { createWorkLimits } from '../../../src/transport/limits/work-limits.ts';
import { createAnswerCache } from '../../../src/transport/trpc/answer-cache.ts';
import { cachedProcedure } from '../../../src/transport/trpc/cached.ts';
import { CachedData } from '../../../src/transport/trpc/cached-data.ts';
import { createCallerFactory, router } from '../../../src/transport/trpc/procedures.ts';

/** A kept procedure that answers when it is let, or fails. */
const started = () => {
  const gate = Promise.withResolvers<string>();
  let reads = 0;
  const route = { method: 'GET', path: '/x', summary: 'x' } as const;
  const createCaller = createCallerFactory(
    router({
      read: cachedProcedure('properties:read', route, z.object({}), z.string(), {
        type: 'search',
        tags: () => [],
      }).query(() => {
        reads += 1;
        return gate.promise;
      }),
    }),
  );
  const most = { query: 5, mutation: 5, report: 5, lookup: 5 };
  const work = createWorkLimits({ most, mostWaiting: 5, waitMs: 5_000 });
  const cache = createCache({
    ...{ maxBytes: 1e6, nowMs: () => 0, fraction: () => 0 },
    follow: () => ({ hasTold: () => true, catchUp: async () => true, ageMs: () => 0 }),
  });
  const { answers } = createAnswerCache(cache);
  const within = (ms: number) =>
    createCaller({
      ...{ requestId: 'x', principal: operatorOf('t'), sourceAddress: '', answers },
      scope: newScope('t', null, { deadline: deadlineIn(ms, 60_000) }),
      limits: { refusal: null, run: (kind, _signal, call) => work[kind].run(call), comeAgainIn: () => {} },
    }).read({});
  return { gate, work, within, reads: () => reads };
};

test('a caller whose time is over is told so, while the answer is read on for those with more', async () => {
  const { gate, work, within, reads } = started();
  const hurried = within(20);
  const patient = within(60_000);
  await expect(hurried).rejects.toMatchObject({ cause: { code: 'DEADLINE_EXCEEDED', retryable: true } });
  expect([reads(), work.query.running]).toEqual([1, 2]);
  gate.resolve('read');
  expect(await patient).toBeInstanceOf(CachedData);
  await expect.poll(() => work.query.running).toBe(0);
});

test('what fails after its caller has gone disturbs nobody', async () => {
  const { gate, work, within } = started();
  await expect(within(20)).rejects.toMatchObject({ cause: { code: 'DEADLINE_EXCEEDED' } });
  gate.reject(new Error('too late'));
  await expect.poll(() => work.query.running).toBe(0);
});

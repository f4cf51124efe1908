import { expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../src/kernel/app-error.ts';
import { operatorOf } from '../../../src/kernel/principal.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import type { RequestLimits } from '../../../src/transport/limits/request-limits.ts';
import { queriesFor } from '../../../src/transport/limits/work-limits.ts';
import {
  createCallerFactory,
  openProcedure,
  procedure,
  reportProcedure,
  router,
} from '../../../src/transport/trpc/procedures.ts';

const route = { method: 'GET', path: '/x', summary: 'x' } as const;
const done = () => 'done';
const createCaller = createCallerFactory(
  router({
    read: procedure('rates:read', route).query(done),
    write: procedure('rates:manage', route).input(z.object({})).mutation(done),
    report: reportProcedure('rates:read', route).query(done),
    signIn: openProcedure(route).mutation(done),
    waits: openProcedure(route).mutation(() => {
      throw new AppError('too_many', 'TOO_MANY_ATTEMPTS', 'Wait.', { details: { retryAfterSeconds: 7 } });
    }),
  }),
);

const callerWith = (refusal: AppError | null = null) => {
  const kinds: string[] = [];
  const waits: number[] = [];
  const limits: RequestLimits = {
    refusal,
    run(kind, _signal, work) {
      kinds.push(kind);
      return work();
    },
    comeAgainIn: (seconds) => void waits.push(seconds),
  };
  const context = { requestId: 'x', principal: operatorOf('t'), scope: newScope('t'), sourceAddress: '' };
  return { kinds, waits, caller: createCaller({ ...context, limits }) };
};

test('every procedure runs within the limit of its kind', async () => {
  const { caller, kinds } = callerWith();
  expect([await caller.read(), await caller.write({}), await caller.report(), await caller.signIn()]).toEqual(
    Array(4).fill('done'),
  );
  expect(kinds).toEqual(['query', 'mutation', 'report', 'mutation']);
});

test('a refused request runs nothing, and any error that says when to come again says so in the head', async () => {
  const refusal = new AppError('too_many', 'RATE_LIMITED', 'Wait.', { details: { retryAfterSeconds: 40 } });
  const { caller, kinds, waits } = callerWith(refusal);
  await expect(caller.read()).rejects.toMatchObject({ cause: { code: 'RATE_LIMITED' } });
  expect([kinds, waits]).toEqual([[], [40]]);
  const open = callerWith();
  await expect(open.caller.waits()).rejects.toMatchObject({ cause: { code: 'TOO_MANY_ATTEMPTS' } });
  expect(open.waits).toEqual([7]);
});

test.for([
  [10, 0, 8],
  [1, 0, 1],
  [3, 0, 2],
  [10, 2, 20],
] as const)('with a pool of %d and %d replicas, %d queries run at a time', ([pool, replicas, queries]) => {
  expect(queriesFor(pool, replicas)).toBe(queries);
});

import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Locals } from 'express-serve-static-core';
import { expect, test } from 'vitest';
import { AppError } from '../../../src/kernel/app-error.ts';
import { operatorOf } from '../../../src/kernel/principal.ts';
import { answerHead } from '../../../src/transport/http/answer-head.ts';
import { createRateLimits } from '../../../src/transport/limits/rate-limits.ts';
import { createWorkLimits } from '../../../src/transport/limits/work-limits.ts';
import { contextFactory } from '../../../src/transport/trpc/create-context.ts';

const ANONYMOUS = 5;
const KEPT = 'Bearer kept';
const REMEMBERED = 'Bearer valid';
const principal = { ...operatorOf('t'), kind: 'api_key' as const };

/** Contexts of requests from one address, with 2 places for looking up, of which `gate` holds whoever is looked up. */
const started = (gate: Promise<void> = Promise.resolve()) => {
  const lookedUp: (string | undefined)[] = [];
  const limited: string[] = [];
  const most = { query: 5, mutation: 5, report: 5, lookup: 2 };
  const work = createWorkLimits({ most, mostWaiting: 1_000, waitMs: 5_000 });
  const createContext = contextFactory({
    async identify(authorization) {
      lookedUp.push(authorization);
      await gate;
      if (authorization === REMEMBERED || authorization === 'Bearer new') return { principal };
      return { principal: null, refusal: new AppError('unauthenticated', 'INVALID_CREDENTIALS', 'No.') };
    },
    identifyKept: (authorization) => ({
      principal: authorization === KEPT ? principal : null,
      isStranger: ![KEPT, REMEMBERED].includes(authorization),
    }),
    work,
    rates: createRateLimits({ anonymous: ANONYMOUS, publishable: 0, secret: 0, user: 0 }),
    deadlines: { usualMs: 60_000, leastMs: 1, longestMs: 60_000 },
    statementTimeoutMs: 60_000,
    addressOf: () => '203.0.113.7',
    networkOf: (address) => address,
    answers: null,
    onCall: () => {},
    onLimited: (caller) => limited.push(caller),
  });
  const ask = async (headers: Record<string, string>) => {
    const request = Object.assign(new IncomingMessage(new Socket()), { url: '/trpc/properties.list', headers });
    const response = Object.assign(new ServerResponse(request), { locals: { requestId: 'x', startedAt: 0 } as Locals });
    const context = await createContext(request, response);
    return { context, response, code: context.limits?.refusal?.code };
  };
  return { ask, lookedUp, limited, work };
};

test('unknown credentials are looked up as often as their address may call without any, even all at once', async () => {
  const { ask, lookedUp, limited } = started();
  const asked = await Promise.all(Array.from({ length: 50 }, (_, n) => ask({ authorization: `Bearer wrong-${n}` })));
  expect(lookedUp.length).toBeLessThanOrEqual(ANONYMOUS + 1);
  expect(asked.filter(({ code }) => code === 'RATE_LIMITED')).toHaveLength(50 - ANONYMOUS);
  expect(limited).toEqual(Array.from({ length: 50 - ANONYMOUS }, () => 'anonymous'));
  const before = lookedUp.length;
  expect(await ask({ authorization: 'Bearer another' })).toMatchObject({ code: 'RATE_LIMITED' });
  expect(lookedUp).toHaveLength(before);
});

test('valid credentials cost an address nothing, and are still looked up while it has calls left', async () => {
  const { ask, lookedUp } = started();
  for (let call = 0; call < 2 * ANONYMOUS; call++) {
    expect((await ask({ authorization: 'Bearer new' })).context.principal).toBe(principal);
  }
  expect(lookedUp).toHaveLength(2 * ANONYMOUS);
});

test('whom the process knows waits behind nobody, and is not refused for its address', async () => {
  const gate = Promise.withResolvers<void>();
  const { ask, lookedUp, work } = started(gate.promise);
  const strangers = Array.from({ length: 50 }, (_, n) => ask({ authorization: `Bearer wrong-${n}` }));
  await expect.poll(() => work.lookup.waiting).toBe(48);
  expect(await ask({ authorization: KEPT })).toMatchObject({ context: { principal }, code: undefined });
  gate.resolve();
  await Promise.all(strangers);
  expect(await ask({ authorization: KEPT })).toMatchObject({ context: { principal }, code: undefined });
  expect(lookedUp).not.toContain(KEPT);
});

test('credentials that were valid lately are looked up again, whatever else comes from their address', async () => {
  const { ask, lookedUp } = started();
  for (let call = 0; call < ANONYMOUS; call++) await ask({});
  expect(await ask({ authorization: 'Bearer wrong' })).toMatchObject({ code: 'RATE_LIMITED' });
  expect(await ask({ authorization: REMEMBERED })).toMatchObject({ context: { principal }, code: undefined });
  expect(lookedUp).toEqual([REMEMBERED]);
});

test.each([
  [{ 'x-consistency-token': 'nonsense' }, 'INVALID_TOKEN'],
  [{ 'x-request-timeout-ms': 'soon' }, 'INVALID_INPUT'],
])('a head that is refused counts as a call without credentials: %o', async (headers, code) => {
  const { ask } = started();
  for (let call = 0; call < ANONYMOUS; call++) await expect(ask(headers)).rejects.toMatchObject({ code });
  await expect(ask(headers)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  const { code: refusal, response } = await ask({});
  expect(refusal).toBe('RATE_LIMITED');
  expect(answerHead(response).join()).toMatch(/,RateLimit,"anonymous";r=0/);
});

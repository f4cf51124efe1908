import { afterEach, beforeEach, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asSuperuser } from '../../support/superuser.ts';
import { hire, PASSWORD, signIn } from './staff.ts';

let app: TestApp;
beforeEach(async () => {
  app = await startApp();
  await hire(await app.tenant('seaside'), 'ann');
});
afterEach(() => app.close());

const MINUTE = 60_000;
const advance = (ms: number) => app.clock.advanceTo(new Date(app.clock.nowMs() + ms).toISOString());
const attempt = (email: string, password: string) =>
  app.client(null).auth.signIn.mutate({ tenant: 'seaside', email, password });
const fail = (email = 'ann@example.com') => refusalOf(attempt(email, 'wrong horse battery'));
const failTimes = async (times: number, email?: (i: number) => string) => {
  for (let i = 0; i < times; i++) expect(await fail(email?.(i))).toMatchObject({ code: 'SIGN_IN_REFUSED' });
};

test('after five failures an account waits for the rest of the quarter of an hour, also with the right password', async () => {
  await failTimes(1);
  advance(5 * MINUTE);
  await failTimes(4);
  const refused = await refusalOf(attempt('ANN@example.com', PASSWORD));
  expect(refused).toMatchObject({
    code: 'TOO_MANY_ATTEMPTS',
    httpStatus: 429,
    retryable: true,
    details: { retryAfterSeconds: 600 },
  });
  advance(10 * MINUTE - 1);
  expect(await fail()).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', details: { retryAfterSeconds: 1 } });
  advance(1);
  expect(await signIn(app, 'seaside', 'ann')).toMatchObject({ accessToken: expect.stringMatching(/^ey/) });
});

test('an account that does not exist is limited like one that does', async () => {
  await failTimes(5, () => 'nobody@example.com');
  expect(await fail('nobody@example.com')).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
});

test('a success starts the account’s count anew', async () => {
  for (let round = 0; round < 3; round++) {
    await failTimes(4);
    await signIn(app, 'seaside', 'ann');
  }
  await failTimes(5);
});

test('after twenty failures an address waits, whichever the accounts, and uses up no more of theirs', async () => {
  await failTimes(20, (i) => `guess-${i}@example.com`);
  for (let i = 0; i < 6; i++) expect(await fail()).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
  const accounts = await asSuperuser<{ attempts: number }>(
    app.database,
    'select attempts from sign_in_attempt order by attempts desc',
  );
  expect(accounts.map(({ attempts }) => attempts)).toEqual([26, ...Array.from({ length: 20 }, () => 1)]);
});

test('an address may sign in as often as it likes when it succeeds', async () => {
  for (let i = 0; i < 22; i++) await signIn(app, 'seaside', 'ann');
  await failTimes(5);
});

test('guesses in parallel get no more chances than guesses in turn', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, () => fail()));
  expect(answers.filter(({ code }) => code === 'SIGN_IN_REFUSED')).toHaveLength(5);
  expect(answers.filter(({ code }) => code === 'TOO_MANY_ATTEMPTS')).toHaveLength(7);
});

test('what attempts are counted by names nobody, and windows that are over are tidied away', async () => {
  await failTimes(3, (i) => `trace-${i}@example.com`);
  const rows = () => asSuperuser<{ key: Buffer }>(app.database, 'select key from sign_in_attempt');
  expect((await rows()).map(({ key }) => key.length)).toEqual([32, 32, 32, 32]);
  advance(15 * MINUTE);
  await failTimes(1);
  expect(await rows()).toHaveLength(2);
});

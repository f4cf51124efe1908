import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { key, refusal } from './answers.ts';
import { hire, signIn } from './staff.ts';

let app: TestApp;
let seaside: TestTenant;
beforeAll(async () => {
  app = await startApp();
  seaside = await app.tenant('seaside');
});
afterAll(() => app.close());

const advance = (ms: number) => app.clock.advanceTo(new Date(app.clock.nowMs() + ms).toISOString());
const refresh = (refreshToken: string) => app.client(null).auth.refresh.mutate({ refreshToken });
const MINUTE = 60_000;
const DAY = 86_400_000;
const refused = { code: 'INVALID_CREDENTIALS', httpStatus: 401 };
const over = { code: 'SESSION_ENDED', httpStatus: 401, retryable: false };

test('an access token names user, tenant, role and session, and is signed by HS256', async () => {
  const { id } = await hire(seaside, 'claims', 'booker');
  const { accessToken } = await signIn(app, 'seaside', 'claims');
  expect(decodeProtectedHeader(accessToken)).toEqual({ alg: 'HS256', typ: 'at+jwt' });
  const now = app.clock.nowMs() / 1000;
  expect(decodeJwt(accessToken)).toEqual({
    iss: 'innkeeper',
    aud: 'innkeeper-api',
    sub: id,
    tenant: seaside.tenantId,
    role: 'booker',
    sid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    iat: now,
    exp: now + 15 * 60,
  });
});

test('an access token works for 15 minutes of the server’s clock', async () => {
  await hire(seaside, 'brief');
  const { client } = await signIn(app, 'seaside', 'brief');
  advance(15 * MINUTE - 1000);
  expect(await client.auth.me.query({})).toMatchObject({ name: 'brief' });
  advance(1000);
  expect(await refusal(client.auth.me.query({}))).toMatchObject(refused);
});

test('a refresh gives new tokens and another 30 days', async () => {
  await hire(seaside, 'fresh');
  const first = await signIn(app, 'seaside', 'fresh');
  advance(30 * DAY - 1000);
  const second = await refresh(first.refreshToken);
  expect(second.refreshToken).not.toBe(first.refreshToken);
  expect(Date.parse(second.refreshTokenExpiresAt)).toBe(app.clock.nowMs() + 30 * DAY);
  expect(await app.client(second.accessToken).auth.me.query({})).toMatchObject({ name: 'fresh' });
  advance(30 * DAY);
  expect(await refusal(refresh(second.refreshToken))).toMatchObject(over);
});

test('a replaced refresh token, however old, ends the session that it was copied from', async () => {
  await hire(seaside, 'stolen');
  for (const refreshes of [1, 3]) {
    const first = await signIn(app, 'seaside', 'stolen');
    let last = await refresh(first.refreshToken);
    for (let i = 1; i < refreshes; i++) last = await refresh(last.refreshToken);
    const current = app.client(last.accessToken);
    expect(await current.auth.me.query({})).toMatchObject({ name: 'stolen' });
    expect(await refusal(refresh(first.refreshToken))).toMatchObject(over);
    expect(await refusal(current.auth.me.query({}))).toMatchObject(refused);
    expect(await refusal(refresh(last.refreshToken))).toMatchObject(over);
  }
});

test('of two refreshes with one token in the same moment, one wins and the session ends', async () => {
  await hire(seaside, 'racing');
  const { refreshToken } = await signIn(app, 'seaside', 'racing');
  const settled = await Promise.allSettled([refresh(refreshToken), refresh(refreshToken)]);
  const won = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  expect(won).toHaveLength(1);
  expect(await refusal(refresh(won[0]?.refreshToken ?? ''))).toMatchObject(over);
});

test('what is no refresh token of ours is refused and harms no session', async () => {
  await hire(seaside, 'unharmed');
  const { refreshToken, client } = await signIn(app, 'seaside', 'unharmed');
  for (const text of ['x', `${refreshToken}x`, `rt_${'A'.repeat(22)}_${'A'.repeat(43)}`]) {
    expect(await refusal(refresh(text))).toMatchObject(over);
  }
  expect(await client.auth.me.query({})).toMatchObject({ name: 'unharmed' });
});

test('signing out ends this session at once, and no other', async () => {
  await hire(seaside, 'leaving');
  const here = await signIn(app, 'seaside', 'leaving');
  const there = await signIn(app, 'seaside', 'leaving');
  expect(await here.client.auth.signOut.mutate({})).toEqual({ signedOut: true });
  expect(await refusal(here.client.auth.me.query({}))).toMatchObject(refused);
  expect(await refusal(refresh(here.refreshToken))).toMatchObject(over);
  expect(await there.client.auth.me.query({})).toMatchObject({ name: 'leaving' });
});

test('an API key has no session to sign out of', async () => {
  expect(await refusal(seaside.client.auth.signOut.mutate({}))).toMatchObject({ code: 'NO_SESSION', httpStatus: 422 });
});

test('a user who is switched off loses everything at once, and old sessions stay dead after the return', async () => {
  const { id } = await hire(seaside, 'switched');
  const { client, refreshToken } = await signIn(app, 'seaside', 'switched');
  const set = (active: boolean) => seaside.client.users.update.mutate({ userId: id, active, idempotencyKey: key() });
  await set(false);
  expect(await refusal(client.auth.me.query({}))).toMatchObject(refused);
  expect(await refusal(refresh(refreshToken))).toMatchObject(over);
  await set(true);
  expect(await refusal(client.auth.me.query({}))).toMatchObject(refused);
  expect(await refusal(refresh(refreshToken))).toMatchObject(over);
  expect(await (await signIn(app, 'seaside', 'switched')).client.auth.me.query({})).toMatchObject({ id });
});

test('a new password ends all sessions of its user', async () => {
  const { id } = await hire(seaside, 'repassed');
  const { client } = await signIn(app, 'seaside', 'repassed');
  await seaside.client.users.setPassword.mutate({ userId: id, password: 'something else 1', idempotencyKey: key() });
  expect(await refusal(client.auth.me.query({}))).toMatchObject(refused);
});

test('another role counts at once, also for tokens that name the old one', async () => {
  const { id } = await hire(seaside, 'demoted', 'manager');
  const { client } = await signIn(app, 'seaside', 'demoted');
  expect((await client.users.list.query({ limit: 1 })).items).toHaveLength(1);
  await seaside.client.users.update.mutate({ userId: id, role: 'booker', idempotencyKey: key() });
  expect(await refusal(client.users.list.query({}))).toMatchObject({ code: 'FORBIDDEN' });
});

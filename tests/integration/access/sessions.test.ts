import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asSuperuser } from '../../support/superuser.ts';
import { key } from './key.ts';
import { hire, signIn } from './staff.ts';
import { whileLocked } from './while-locked.ts';

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
  expect(await refusalOf(client.auth.me.query({}))).toMatchObject(refused);
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
  expect(await refusalOf(refresh(second.refreshToken))).toMatchObject(over);
});

test('a replaced refresh token, however old, ends the session that it was copied from', async () => {
  await hire(seaside, 'stolen');
  for (const refreshes of [1, 3]) {
    const first = await signIn(app, 'seaside', 'stolen');
    let last = await refresh(first.refreshToken);
    for (let i = 1; i < refreshes; i++) last = await refresh(last.refreshToken);
    const current = app.client(last.accessToken);
    expect(await current.auth.me.query({})).toMatchObject({ name: 'stolen' });
    expect(await refusalOf(refresh(first.refreshToken))).toMatchObject(over);
    expect(await refusalOf(current.auth.me.query({}))).toMatchObject(refused);
    expect(await refusalOf(refresh(last.refreshToken))).toMatchObject(over);
  }
});

test('of two refreshes with one token in the same moment, one wins and the session ends', async () => {
  await hire(seaside, 'racing');
  const { refreshToken, accessToken } = await signIn(app, 'seaside', 'racing');
  const { calls } = await whileLocked(
    app.database,
    { text: 'select from session where id = $1 for update', values: [decodeJwt(accessToken).sid], waiting: 2 },
    () => [refresh(refreshToken), refresh(refreshToken)],
  );
  const settled = await Promise.allSettled(calls);
  const won = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  expect(won).toHaveLength(1);
  expect(await refusalOf(refresh(won[0]?.refreshToken ?? ''))).toMatchObject(over);
});

test('what is no refresh token of ours is refused and harms no session', async () => {
  await hire(seaside, 'unharmed');
  const { refreshToken, client } = await signIn(app, 'seaside', 'unharmed');
  for (const text of ['x', `${refreshToken}x`, `rt_${'A'.repeat(22)}_${'A'.repeat(43)}`]) {
    expect(await refusalOf(refresh(text))).toMatchObject(over);
  }
  expect(await client.auth.me.query({})).toMatchObject({ name: 'unharmed' });
});

test('signing out ends this session at once, and no other', async () => {
  await hire(seaside, 'leaving');
  const here = await signIn(app, 'seaside', 'leaving');
  const there = await signIn(app, 'seaside', 'leaving');
  expect(await here.client.auth.signOut.mutate({})).toEqual({ signedOut: true });
  expect(await refusalOf(here.client.auth.me.query({}))).toMatchObject(refused);
  expect(await refusalOf(refresh(here.refreshToken))).toMatchObject(over);
  expect(await there.client.auth.me.query({})).toMatchObject({ name: 'leaving' });
});

test('an API key has no session to sign out of', async () => {
  expect(await refusalOf(seaside.client.auth.signOut.mutate({}))).toMatchObject({
    code: 'NO_SESSION',
    httpStatus: 422,
  });
});

test('a user who is switched off loses everything at once, and old sessions stay dead after the return', async () => {
  const { id } = await hire(seaside, 'switched');
  const { client, refreshToken } = await signIn(app, 'seaside', 'switched');
  const set = (active: boolean) => seaside.client.users.update.mutate({ userId: id, active, idempotencyKey: key() });
  await set(false);
  expect(await refusalOf(client.auth.me.query({}))).toMatchObject(refused);
  expect(await refusalOf(refresh(refreshToken))).toMatchObject(over);
  await set(true);
  expect(await refusalOf(client.auth.me.query({}))).toMatchObject(refused);
  expect(await refusalOf(refresh(refreshToken))).toMatchObject(over);
  expect(await (await signIn(app, 'seaside', 'switched')).client.auth.me.query({})).toMatchObject({ id });
});

test('a user who is switched off in the database itself is refused all the same', async () => {
  const { id } = await hire(seaside, 'by-hand');
  const { client, refreshToken } = await signIn(app, 'seaside', 'by-hand');
  await asSuperuser(app.database, 'update app_user set active = false where id = $1', [id]);
  expect(await refusalOf(client.auth.me.query({}))).toMatchObject(refused);
  expect(await refusalOf(refresh(refreshToken))).toMatchObject(over);
});

test('a sign-in whose password is replaced before its session begins is refused', async () => {
  const { id } = await hire(seaside, 'replaced');
  const { calls } = await whileLocked(
    app.database,
    { text: `update app_user set password_hash = 'another' where id = $1`, values: [id], waiting: 1 },
    () => [signIn(app, 'seaside', 'replaced')],
  );
  const [signedIn] = calls;
  if (!signedIn) throw new Error('nobody signed in');
  expect(await refusalOf(signedIn)).toMatchObject({ code: 'SIGN_IN_REFUSED' });
});

test('a new password ends all sessions of its user', async () => {
  const { id } = await hire(seaside, 'repassed');
  const { client } = await signIn(app, 'seaside', 'repassed');
  await seaside.client.users.setPassword.mutate({ userId: id, password: 'something else 1', idempotencyKey: key() });
  expect(await refusalOf(client.auth.me.query({}))).toMatchObject(refused);
});

test('another role counts at once, also for tokens that name the old one', async () => {
  const { id } = await hire(seaside, 'demoted', 'manager');
  const { client } = await signIn(app, 'seaside', 'demoted');
  expect((await client.users.list.query({ limit: 1 })).items).toHaveLength(1);
  await seaside.client.users.update.mutate({ userId: id, role: 'booker', idempotencyKey: key() });
  expect(await refusalOf(client.users.list.query({}))).toMatchObject({ code: 'FORBIDDEN' });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asSuperuser } from '../../support/superuser.ts';
import { key } from './key.ts';
import { hire, PASSWORD, signIn } from './staff.ts';

let app: TestApp;
let seaside: TestTenant;
beforeAll(async () => {
  app = await startApp({ settings: { SIGN_IN_ATTEMPTS_PER_ADDRESS: '1000', SIGN_IN_ATTEMPTS_PER_ACCOUNT: '1000' } });
  seaside = await app.tenant('seaside');
  await hire(seaside, 'ann', 'front_desk');
});
afterAll(() => app.close());

const attempt = (input: { tenant?: string; email?: string; password?: string }) =>
  app.client(null).auth.signIn.mutate({ tenant: 'seaside', email: 'ann@example.com', password: PASSWORD, ...input });

test('the right password opens a session, whatever the case of the e-mail', async () => {
  const tokens = await attempt({ email: ' ANN@Example.com ' });
  expect(tokens).toMatchObject({
    accessTokenExpiresAt: '2026-03-02T12:15:00.000Z',
    refreshTokenExpiresAt: '2026-04-01T12:00:00.000Z',
  });
  expect(await app.client(tokens.accessToken).auth.me.query({})).toMatchObject({
    kind: 'user',
    email: 'ann@example.com',
    role: 'front_desk',
    tenant: { slug: 'seaside' },
  });
});

test('an unknown tenant, an unknown e-mail, a wrong password and an inactive user get one answer', async () => {
  const left = await hire(seaside, 'left');
  await seaside.client.users.update.mutate({ userId: left.id, active: false, idempotencyKey: key() });
  const refused = await Promise.all(
    [
      { tenant: 'nowhere' },
      { email: 'nobody@example.com' },
      { password: 'wrong horse battery' },
      { email: 'left@example.com' },
    ].map((input) => refusalOf(attempt(input))),
  );
  for (const answer of refused) {
    expect(answer).toMatchObject({ code: 'SIGN_IN_REFUSED', httpStatus: 401, retryable: false });
  }
  expect(new Set(refused.map(({ message }) => message)).size).toBe(1);
});

test('for an unknown account a password is hashed all the same, so that the time tells nothing', async () => {
  const fastest = { known: Number.POSITIVE_INFINITY, unknown: Number.POSITIVE_INFINITY };
  const measure = async (which: keyof typeof fastest, email: string) => {
    const startedAt = performance.now();
    await refusalOf(attempt({ email, password: 'wrong horse battery' }));
    fastest[which] = Math.min(fastest[which], performance.now() - startedAt);
  };
  for (let round = 0; round < 8; round++) {
    await measure('known', 'ann@example.com');
    await measure('unknown', 'nobody@example.com');
  }
  expect(fastest.unknown).toBeGreaterThan(fastest.known / 2);
});

test('a password that looks the same is the same, however its accents were typed', async () => {
  await seaside.client.users.create.mutate({
    email: 'accents@example.com',
    name: 'Accents',
    role: 'booker',
    password: 'café au lait, ça va'.normalize('NFC'),
    idempotencyKey: key(),
  });
  const tokens = await attempt({
    email: 'accents@example.com',
    password: 'café au lait, ça va'.normalize('NFD'),
  });
  expect(tokens.accessToken).toMatch(/^ey/);
});

test('a new password replaces the old one', async () => {
  const { id } = await hire(seaside, 'renewed');
  await seaside.client.users.setPassword.mutate({
    userId: id,
    password: 'another horse battery',
    idempotencyKey: key(),
  });
  expect(await refusalOf(signIn(app, 'seaside', 'renewed'))).toMatchObject({ code: 'SIGN_IN_REFUSED' });
  const tokens = await attempt({ email: 'renewed@example.com', password: 'another horse battery' });
  expect(tokens.refreshToken).toMatch(/^rt_/);
});

test('a tenant’s users sign in to their own tenant only', async () => {
  await app.tenant('hilltop');
  expect(await refusalOf(attempt({ tenant: 'hilltop' }))).toMatchObject({ code: 'SIGN_IN_REFUSED' });
});

test('a sign-in is audited as the user’s, and its tokens are stored nowhere', async () => {
  const { id } = await hire(seaside, 'traced');
  const { accessToken, refreshToken } = await signIn(app, 'seaside', 'traced');
  const entries = await asSuperuser(
    app.database,
    `select procedure, actor_kind, after from audit_entry where actor_id = $1`,
    [id],
  );
  expect(entries).toEqual([{ procedure: 'auth.signIn', actor_kind: 'user', after: { userId: id } }]);
  const kept = await asSuperuser<{ text: string }>(
    app.database,
    `select string_agg(t, ' ') as text from (
       select s::text as t from session s union all select a::text from audit_entry a
       union all select convert_from(answer, 'utf8') from idempotency_key) x`,
  );
  expect(kept[0]?.text).toContain(id);
  for (const secret of [accessToken, refreshToken, refreshToken.slice(3, 25), refreshToken.slice(-43)]) {
    expect(kept[0]?.text).not.toContain(secret);
  }
});

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asSuperuser } from '../../support/superuser.ts';
import { key } from './key.ts';
import { hire, signIn } from './staff.ts';

let here: TestApp;
let elsewhere: TestApp;
let tenant: TestTenant;
beforeAll(async () => {
  const settings = { CACHE_POLL_MS: '20' };
  here = await startApp({ settings });
  elsewhere = await startApp({ database: here.database, settings });
  tenant = await here.tenant('kept');
});
afterAll(async () => {
  await elsewhere.close();
  await here.close();
});

const newKey = async () => {
  const made = await tenant.client.apiKeys.create.mutate({
    ...{ name: 'Reporting', permissions: ['account:read'], idempotencyKey: key() },
  });
  return { id: made.id, secret: made.secret ?? '' };
};

test('credentials that were looked up are kept', async () => {
  const { id, secret } = await newKey();
  const asked = () => here.client(secret).auth.me.query({});
  await asked();
  await vi.waitUntil(async () => {
    await asSuperuser(here.database, `update api_key set secret_hash = '\\x00' where id = '${id}'`);
    return asked().then(
      () => true,
      () => false,
    );
  });
});

test('a revoked key is refused at once where it was revoked, and elsewhere as soon as that is told', async () => {
  const { id, secret } = await newKey();
  for (const app of [here, elsewhere]) {
    for (let use = 0; use < 3; use++) await app.client(secret).auth.me.query({});
  }
  await tenant.client.apiKeys.revoke.mutate({ apiKeyId: id, idempotencyKey: key() });
  expect(await refusalOf(here.client(secret).auth.me.query({}))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  await vi.waitUntil(
    () =>
      elsewhere
        .client(secret)
        .auth.me.query({})
        .then(
          () => false,
          () => true,
        ),
    { timeout: 4_000 },
  );
});

test('so does a session that ends, and a user who is given another role', async () => {
  const { id } = await hire(tenant, 'changing', 'manager');
  const { client, accessToken } = await signIn(here, 'kept', 'changing');
  const there = elsewhere.client(accessToken);
  await there.users.list.query({});
  await tenant.client.users.update.mutate({ userId: id, role: 'booker', idempotencyKey: key() });
  expect(await refusalOf(client.users.list.query({}))).toMatchObject({ code: 'FORBIDDEN' });
  await vi.waitUntil(
    () =>
      there.users.list.query({}).then(
        () => false,
        () => true,
      ),
    { timeout: 4_000 },
  );
  await there.auth.me.query({});
  await client.auth.signOut.mutate({});
  expect(await refusalOf(client.auth.me.query({}))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  await vi.waitUntil(
    () =>
      there.auth.me.query({}).then(
        () => false,
        () => true,
      ),
    { timeout: 4_000 },
  );
});

test('a kept key still ends at its time', async () => {
  const expiresAt = new Date(here.clock.nowMs() + 60_000).toISOString();
  const made = await tenant.client.apiKeys.create.mutate({
    ...{ name: 'Short', permissions: ['account:read'], expiresAt, idempotencyKey: key() },
  });
  const client = here.client(made.secret);
  await client.auth.me.query({});
  here.clock.advanceTo(expiresAt);
  expect(await refusalOf(client.auth.me.query({}))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
});

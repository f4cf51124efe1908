import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ALL_PERMISSIONS, PUBLISHABLE_PERMISSIONS } from '../../../src/kernel/permissions.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asSuperuser } from '../../support/superuser.ts';
import { key } from './key.ts';

let app: TestApp;
let seaside: TestTenant;
let hilltop: TestTenant;
beforeAll(async () => {
  app = await startApp();
  seaside = await app.tenant('seaside');
  hilltop = await app.tenant('hilltop');
});
afterAll(() => app.close());

const lastUse = async (id: string) => {
  await app.application.access.settled();
  const rows = await asSuperuser<{ at: Date | null }>(
    app.database,
    'select last_used_at as at from api_key where id = $1',
    [id],
  );
  return rows[0]?.at?.toISOString() ?? null;
};

test('a key works with exactly the permissions that it was given', async () => {
  const { secret, permissions } = await seaside.client.apiKeys.create.mutate({
    name: 'Reporting',
    permissions: ['events:read', 'account:read'],
    idempotencyKey: key(),
  });
  const client = app.client(secret);
  expect(permissions).toEqual(['events:read', 'account:read']);
  expect(await client.auth.me.query({})).toMatchObject({
    kind: 'api_key',
    name: 'Reporting',
    tenant: { id: seaside.tenantId, slug: 'seaside' },
    permissions: ['account:read', 'events:read'],
  });
  expect((await client.events.list.query({})).items).toEqual([]);
  expect(await refusalOf(client.apiKeys.list.query({}))).toMatchObject({
    code: 'FORBIDDEN',
    httpStatus: 403,
    details: { permission: 'apiKeys:read' },
  });
});

test('a key has 256 random bits, of which only the SHA-256 is kept, and no answer or list shows it again', async () => {
  const made = await seaside.client.apiKeys.create.mutate({
    name: 'Channel',
    permissions: ['bookings:read'],
    idempotencyKey: key(),
  });
  const { secret } = made;
  if (secret === null) throw new Error('the first answer has no key');
  expect(secret).toMatch(new RegExp(`^ik_${made.prefix}_[A-Za-z0-9_-]{43}$`));
  const rows = await asSuperuser<{ secret_hash: Buffer }>(
    app.database,
    'select secret_hash from api_key where id = $1',
    [made.id],
  );
  expect(rows[0]?.secret_hash.equals(createHash('sha256').update(secret).digest())).toBe(true);

  const listed = await seaside.client.apiKeys.list.query({ limit: 100 });
  const { secret: _, ...kept } = made;
  expect(listed.items).toContainEqual(kept);

  const hidden = secret.slice(-43);
  const tables = await asSuperuser<{ text: string }>(
    app.database,
    `select coalesce(string_agg(t::text, ' '), '') || ' ' || (select string_agg(convert_from(answer, 'utf8'), ' ') from idempotency_key)
       as text from (select a::text as t from audit_entry a union all select k::text from api_key k) x`,
  );
  expect(tables[0]?.text).toContain(made.prefix);
  expect(tables[0]?.text).not.toContain(hidden);
});

test('a retry of the same creation answers the same key without its secret, and makes no second one', async () => {
  const input = { name: 'Once', permissions: ['events:read' as const], idempotencyKey: key() };
  const first = await seaside.client.apiKeys.create.mutate(input);
  const second = await seaside.client.apiKeys.create.mutate(input);
  expect(first.secret).toMatch(/^ik_/);
  expect(second).toEqual({ ...first, secret: null });
  const { items } = await seaside.client.apiKeys.list.query({ limit: 100 });
  expect(items.filter(({ name }) => name === 'Once')).toHaveLength(1);
});

test('nobody makes a key that may do more than they may', async () => {
  const { secret } = await seaside.client.apiKeys.create.mutate({
    name: 'Deputy',
    permissions: ['apiKeys:manage', 'events:read'],
    idempotencyKey: key(),
  });
  const deputy = app.client(secret);
  const wanted = { name: 'More', permissions: ['events:read', 'bookings:manage'] as const };
  const refused = await refusalOf(
    deputy.apiKeys.create.mutate({ ...wanted, permissions: [...wanted.permissions], idempotencyKey: key() }),
  );
  expect(refused).toMatchObject({ code: 'FORBIDDEN', httpStatus: 403, details: { missing: ['bookings:manage'] } });
  const allowed = await deputy.apiKeys.create.mutate({
    name: 'As much',
    permissions: ['events:read'],
    idempotencyKey: key(),
  });
  expect(allowed.permissions).toEqual(['events:read']);
});

test('a publishable key starts with pk_ and can hold only what may stand in a web page', async () => {
  const made = await seaside.client.apiKeys.create.mutate({
    name: 'Website',
    kind: 'publishable',
    permissions: [...PUBLISHABLE_PERMISSIONS],
    idempotencyKey: key(),
  });
  expect(made.secret).toMatch(/^pk_/);
  for (const permission of ALL_PERMISSIONS.filter((p) => !PUBLISHABLE_PERMISSIONS.includes(p))) {
    const refused = await refusalOf(
      seaside.client.apiKeys.create.mutate({
        name: 'Website',
        kind: 'publishable',
        permissions: ['properties:read', permission],
        idempotencyKey: key(),
      }),
    );
    expect(refused).toMatchObject({ code: 'NOT_PUBLISHABLE', httpStatus: 422, fields: [{ path: 'permissions.1' }] });
  }
});

test('a key stops at the very instant of its expiry, which must lie ahead when the key is made', async () => {
  const now = app.clock.nowMs();
  const at = (ms: number) => new Date(now + ms).toISOString();
  const make = (expiresAt: string) =>
    seaside.client.apiKeys.create.mutate({
      name: 'Brief',
      permissions: ['events:read'],
      expiresAt,
      idempotencyKey: key(),
    });
  expect(await refusalOf(make(at(0)))).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'expiresAt' }] });
  const { secret } = await make(at(60_000));
  const client = app.client(secret);
  app.clock.advanceTo(at(59_999));
  expect((await client.events.list.query({})).items).toEqual([]);
  app.clock.advanceTo(at(60_000));
  expect(await refusalOf(client.events.list.query({}))).toMatchObject({ code: 'INVALID_CREDENTIALS', httpStatus: 401 });
});

test('a revoked key stops at once and for good; revoking again changes nothing', async () => {
  const made = await seaside.client.apiKeys.create.mutate({
    name: 'Lost',
    permissions: ['events:read'],
    idempotencyKey: key(),
  });
  const client = app.client(made.secret);
  await client.events.list.query({});
  const revokedAt = app.clock.nowIso();
  const revoked = await seaside.client.apiKeys.revoke.mutate({ apiKeyId: made.id, idempotencyKey: key() });
  expect(revoked.revokedAt).toBe(revokedAt);
  expect(await refusalOf(client.events.list.query({}))).toMatchObject({ code: 'INVALID_CREDENTIALS' });

  app.clock.advanceTo(new Date(app.clock.nowMs() + 1000).toISOString());
  const again = await seaside.client.apiKeys.revoke.mutate({ apiKeyId: made.id, idempotencyKey: key() });
  expect(again.revokedAt).toBe(revokedAt);
});

test('the last use is noted, once a minute at most', async () => {
  const made = await seaside.client.apiKeys.create.mutate({
    name: 'Watched',
    permissions: ['events:read'],
    idempotencyKey: key(),
  });
  const client = app.client(made.secret);
  const start = app.clock.nowMs();
  const useAt = async (ms: number) => {
    app.clock.advanceTo(new Date(start + ms).toISOString());
    await client.events.list.query({});
    return lastUse(made.id);
  };
  expect(await lastUse(made.id)).toBeNull();
  expect(await useAt(0)).toBe(new Date(start).toISOString());
  expect(await useAt(59_999)).toBe(new Date(start).toISOString());
  expect(await useAt(60_000)).toBe(new Date(start + 60_000).toISOString());
});

test("another tenant's keys are not listed and cannot be revoked", async () => {
  const made = await seaside.client.apiKeys.create.mutate({
    name: 'Private',
    permissions: ['events:read'],
    idempotencyKey: key(),
  });
  const { items } = await hilltop.client.apiKeys.list.query({});
  expect(items.map(({ name }) => name)).toEqual(['Owner']);
  const foreign = await refusalOf(hilltop.client.apiKeys.revoke.mutate({ apiKeyId: made.id, idempotencyKey: key() }));
  const unknown = await refusalOf(hilltop.client.apiKeys.revoke.mutate({ apiKeyId: key(), idempotencyKey: key() }));
  expect(foreign).toEqual(unknown);
  expect(foreign).toMatchObject({ code: 'NOT_FOUND', httpStatus: 404 });
});

test('pages of keys neither skip nor repeat one', async () => {
  for (let i = 0; i < 3; i++) {
    await hilltop.client.apiKeys.create.mutate({
      name: `Page ${i}`,
      permissions: ['events:read'],
      idempotencyKey: key(),
    });
  }
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await hilltop.client.apiKeys.list.query({ limit: 1, ...(cursor ? { cursor } : {}) });
    names.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(names).toEqual(['Owner', 'Page 0', 'Page 1', 'Page 2']);
});

test('making and revoking a key is audited without the key', async () => {
  const made = await seaside.client.apiKeys.create.mutate({
    name: 'Audited',
    permissions: ['events:read'],
    idempotencyKey: key(),
  });
  await seaside.client.apiKeys.revoke.mutate({ apiKeyId: made.id, idempotencyKey: key() });
  const entries = await asSuperuser(
    app.database,
    'select procedure, actor_kind, before, after from audit_entry where entity_id = $1 order by id',
    [made.id],
  );
  const facts = { name: 'Audited', kind: 'secret', prefix: made.prefix, permissions: ['events:read'], expiresAt: null };
  expect(entries).toEqual([
    { procedure: 'apiKeys.create', actor_kind: 'api_key', before: null, after: { ...facts, revokedAt: null } },
    {
      procedure: 'apiKeys.revoke',
      actor_kind: 'api_key',
      before: { ...facts, revokedAt: null },
      after: { ...facts, revokedAt: app.clock.nowIso() },
    },
  ]);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROLE_PERMISSIONS, ROLES } from '../../../src/kernel/permissions.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asSuperuser } from '../../support/superuser.ts';
import { key } from './key.ts';
import { hire, PASSWORD, signIn } from './staff.ts';

let app: TestApp;
let seaside: TestTenant;
let hilltop: TestTenant;
beforeAll(async () => {
  app = await startApp();
  seaside = await app.tenant('seaside');
  hilltop = await app.tenant('hilltop');
});
afterAll(() => app.close());

/** A client whose key may manage users, but holds only `more` beside that. */
const userManager = async (...more: (typeof ROLE_PERMISSIONS)['owner'][number][]) => {
  const { secret } = await seaside.client.apiKeys.create.mutate({
    name: 'User manager',
    permissions: ['users:manage', 'users:read', ...more],
    idempotencyKey: key(),
  });
  return app.client(secret);
};

test('every role can be given, and means its permissions when its user signs in', async () => {
  for (const role of ROLES) {
    const made = await hire(seaside, `role-${role}`, role);
    expect(made).toMatchObject({ role, active: true, email: `role-${role}@example.com`, phone: null });
    const { client } = await signIn(app, 'seaside', `role-${role}`);
    expect(await client.auth.me.query({})).toMatchObject({
      kind: 'user',
      id: made.id,
      role,
      permissions: [...ROLE_PERMISSIONS[role]].sort(),
    });
  }
});

test('users are found by e-mail in any case and by phone however it is written', async () => {
  const made = await seaside.client.users.create.mutate({
    email: 'Greta.Garbo@Example.com',
    name: 'Greta',
    phone: '+49 (30) 123-456',
    role: 'front_desk',
    password: PASSWORD,
    idempotencyKey: key(),
  });
  for (const filter of [{ email: 'greta.garbo@example.COM' }, { phone: '49.30.123456' }]) {
    expect((await seaside.client.users.list.query(filter)).items).toEqual([made]);
  }
  for (const filter of [{ email: 'greta@example.com' }, { phone: '4930123457' }]) {
    expect((await seaside.client.users.list.query(filter)).items).toEqual([]);
  }
  expect(await seaside.client.users.get.query({ userId: made.id })).toEqual(made);
});

test('an e-mail is one user’s within a tenant, whatever its case, also for twins in one moment', async () => {
  await hire(seaside, 'unique');
  const again = seaside.client.users.create.mutate({
    email: 'UNIQUE@example.com',
    name: 'Second',
    role: 'booker',
    password: PASSWORD,
    idempotencyKey: key(),
  });
  expect(await refusalOf(again)).toMatchObject({ code: 'EMAIL_TAKEN', httpStatus: 409, fields: [{ path: 'email' }] });
  expect((await hire(hilltop, 'unique')).email).toBe('unique@example.com');

  const twins = await Promise.allSettled(Array.from({ length: 4 }, () => hire(seaside, 'twin')));
  expect(twins.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('nobody gives a role, or governs a user, that may do more than they may', async () => {
  const owner = await hire(seaside, 'the-owner', 'owner');
  const booker = await hire(seaside, 'the-booker', 'booker');
  const client = await userManager(...ROLE_PERMISSIONS.booker);
  const forbidden = { code: 'FORBIDDEN', httpStatus: 403 };
  const idempotencyKey = key();
  const attempts = [
    client.users.create.mutate({
      email: 'x@example.com',
      name: 'X',
      role: 'owner',
      password: PASSWORD,
      idempotencyKey,
    }),
    client.users.update.mutate({ userId: booker.id, role: 'manager', idempotencyKey: key() }),
    client.users.update.mutate({ userId: owner.id, active: false, idempotencyKey: key() }),
    client.users.update.mutate({ userId: owner.id, role: 'booker', idempotencyKey: key() }),
    client.users.setPassword.mutate({ userId: owner.id, password: PASSWORD, idempotencyKey: key() }),
  ];
  for (const refused of await Promise.all(attempts.map(refusalOf))) expect(refused).toMatchObject(forbidden);
  expect(await seaside.client.users.get.query({ userId: owner.id })).toEqual(owner);
  expect(await seaside.client.users.get.query({ userId: booker.id })).toEqual(booker);
  const renamed = await client.users.update.mutate({ userId: booker.id, name: 'Bo', idempotencyKey: key() });
  expect(renamed.name).toBe('Bo');
});

test('nobody takes their own access away', async () => {
  const made = await hire(seaside, 'careful', 'owner');
  const { client } = await signIn(app, 'seaside', 'careful');
  const own = { userId: made.id };
  for (const change of [{ active: false }, { role: 'booker' as const }]) {
    const refused = await refusalOf(client.users.update.mutate({ ...own, ...change, idempotencyKey: key() }));
    expect(refused).toMatchObject({ code: 'OWN_ACCESS', httpStatus: 422 });
  }
  const changed = await client.users.update.mutate({ ...own, role: 'owner', name: 'Caro', idempotencyKey: key() });
  expect(changed).toMatchObject({ name: 'Caro', role: 'owner', active: true });
});

test('an update changes what it names and nothing else; a phone can be taken away', async () => {
  const made = await hire(seaside, 'changing', 'booker');
  const change = (fields: object) =>
    seaside.client.users.update.mutate({ userId: made.id, ...fields, idempotencyKey: key() });
  expect(await change({ phone: '030 123' })).toEqual({ ...made, phone: '030 123' });
  expect(await change({ name: 'Other' })).toEqual({ ...made, name: 'Other', phone: '030 123' });
  expect((await seaside.client.users.list.query({ phone: '030123' })).items).toHaveLength(1);
  expect(await change({ phone: null })).toEqual({ ...made, name: 'Other' });
  expect((await seaside.client.users.list.query({ phone: '030123' })).items).toEqual([]);
});

test('a password has 12 characters at least, of any kind', async () => {
  const create = (password: string) =>
    seaside.client.users.create.mutate({
      email: `${key()}@example.com`,
      name: 'P',
      role: 'booker',
      password,
      idempotencyKey: key(),
    });
  expect(await refusalOf(create('elevenchars'))).toMatchObject({
    code: 'INVALID_INPUT',
    fields: [{ path: 'password' }],
  });
  expect((await create('            ')).active).toBe(true);
  expect((await create('pässwörter–🔑')).active).toBe(true);
});

test('a password is stored as argon2id by OWASP’s parameters, and nowhere else in any form', async () => {
  const password = 'a very visible passphrase';
  const made = await seaside.client.users.create.mutate({
    email: 'hashed@example.com',
    name: 'Hashed',
    role: 'booker',
    password,
    idempotencyKey: key(),
  });
  const rows = await asSuperuser<{ hash: string }>(
    app.database,
    'select password_hash as hash from app_user where id = $1',
    [made.id],
  );
  const hash = rows[0]?.hash ?? '';
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  const kept = await asSuperuser<{ text: string }>(
    app.database,
    `select string_agg(t, ' ') as text from (
       select a::text as t from audit_entry a union all select convert_from(answer, 'utf8') from idempotency_key) x`,
  );
  expect(kept[0]?.text).toContain(made.id);
  for (const secret of [password, hash, hash.slice(-43)]) expect(kept[0]?.text).not.toContain(secret);
});

test('a retried creation answers the same user; the same key with another password is a conflict', async () => {
  const input = {
    email: 'retry@example.com',
    name: 'Retry',
    role: 'booker' as const,
    password: PASSWORD,
    idempotencyKey: key(),
  };
  const first = await seaside.client.users.create.mutate(input);
  expect(await seaside.client.users.create.mutate(input)).toEqual(first);
  const other = seaside.client.users.create.mutate({ ...input, password: `${PASSWORD}!` });
  expect(await refusalOf(other)).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', httpStatus: 409 });
});

test('two users with one password have different hashes', async () => {
  const ids = [(await hire(seaside, 'salt-a')).id, (await hire(seaside, 'salt-b')).id];
  const rows = await asSuperuser<{ hash: string }>(
    app.database,
    'select password_hash as hash from app_user where id = any ($1)',
    [ids],
  );
  expect(new Set(rows.map(({ hash }) => hash)).size).toBe(2);
});

test('audit says what was done to a user, never who they are', async () => {
  const made = await hire(seaside, 'discreet', 'booker');
  await seaside.client.users.update.mutate({
    userId: made.id,
    role: 'read_only',
    active: false,
    name: 'Very Private',
    idempotencyKey: key(),
  });
  await seaside.client.users.setPassword.mutate({ userId: made.id, password: PASSWORD, idempotencyKey: key() });
  const entries = await asSuperuser(
    app.database,
    'select procedure, before, after from audit_entry where entity_id = $1 order by id',
    [made.id],
  );
  expect(entries).toEqual([
    { procedure: 'users.create', before: null, after: { role: 'booker', active: true } },
    {
      procedure: 'users.update',
      before: { role: 'booker', active: true },
      after: { role: 'read_only', active: false, changed: ['name'] },
    },
    { procedure: 'users.setPassword', before: null, after: { changed: ['password'] } },
  ]);
});

test('another tenant’s users get the answer of unknown ones', async () => {
  const made = await hire(seaside, 'hidden');
  const answers = await Promise.all(
    [made.id, key()].flatMap((userId) => [
      refusalOf(hilltop.client.users.get.query({ userId })),
      refusalOf(hilltop.client.users.update.mutate({ userId, name: 'Mine', idempotencyKey: key() })),
      refusalOf(hilltop.client.users.setPassword.mutate({ userId, password: PASSWORD, idempotencyKey: key() })),
    ]),
  );
  const plain = answers.map(({ code, message, httpStatus }) => `${httpStatus} ${code} ${message}`);
  expect(new Set(plain)).toEqual(new Set(['404 NOT_FOUND No such user.']));
  expect((await hilltop.client.users.list.query({ email: 'hidden@example.com' })).items).toEqual([]);
});

test('pages neither skip nor repeat a user, and the total counts all that match', async () => {
  const tenant = await app.tenant('pages');
  for (const name of ['a', 'b', 'c']) await hire(tenant, name, 'booker');
  await hire(tenant, 'd', 'read_only');
  const list = (cursor?: string) =>
    tenant.client.users.list.query({ role: 'booker', limit: 2, withTotal: true, ...(cursor ? { cursor } : {}) });
  const first = await list();
  const second = await list(first.nextCursor ?? undefined);
  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect([first, second].map(({ total, totalIsCapped }) => ({ total, totalIsCapped }))).toEqual([
    { total: 3, totalIsCapped: false },
    { total: 3, totalIsCapped: false },
  ]);
  expect(second.nextCursor).toBeNull();
  expect(await tenant.client.users.list.query({ active: false, withTotal: true })).toMatchObject({
    items: [],
    total: 0,
  });
  expect(await refusalOf(list('damaged'))).toMatchObject({ code: 'INVALID_CURSOR' });
});

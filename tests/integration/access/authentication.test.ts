import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { refusalOf } from '../../support/refusal.ts';
import { waitForReplay } from '../../support/replay-wait.ts';
import { hire, signIn } from './staff.ts';

let app: TestApp;
let seaside: TestTenant;
beforeAll(async () => {
  app = await startApp();
  seaside = await app.tenant('seaside');
});
afterAll(() => app.close());

const get = async (authorization: string | undefined, path = 'auth.me') => {
  const response = await fetch(`${app.url}/trpc/${path}?input={}`, authorization ? { headers: { authorization } } : {});
  const { error } = (await response.json()) as { error?: { message: string; data: Record<string, unknown> } };
  return { status: response.status, code: error?.data.code, message: error?.message, requestId: error?.data.requestId };
};

test('a request without credentials is told to send some', async () => {
  expect(await get(undefined)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
});

test('whatever is wrong with the credentials, the answer is the same', async () => {
  const [kind = '', prefix = ''] = seaside.ownerKey.split('_');
  const { accessToken } = await hire(seaside, 'ann').then(() => signIn(app, 'seaside', 'ann'));
  const foreignSignature = await new SignJWT({ tenant: seaside.tenantId })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .setExpirationTime('1y')
    .sign(randomBytes(32));
  const [header = '', payload = ''] = accessToken.split('.');
  const unsigned = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
  const wrong = [
    'nonsense',
    'Basic dXNlcjpwYXNz',
    'Bearer',
    'Bearer x',
    `Bearer ${seaside.ownerKey} ${seaside.ownerKey}`,
    `Bearer ${seaside.ownerKey.slice(0, -1)}`,
    `Bearer ${seaside.ownerKey}x`,
    `Bearer ${kind}_${prefix}_${randomBytes(32).toString('base64url')}`,
    `Bearer ${kind}_${randomBytes(8).toString('hex')}_${randomBytes(32).toString('base64url')}`,
    `Bearer pk${seaside.ownerKey.slice(2)}`,
    `Bearer ${foreignSignature}`,
    `Bearer ${accessToken.slice(0, -3)}`,
    `Bearer ${unsigned}.${payload}.`,
    `Bearer ${header}.${payload}.`,
    `Bearer ${'a'.repeat(5_000)}`,
  ];
  const answers = await Promise.all(wrong.map((authorization) => get(authorization)));
  expect(answers.map(({ status, code }) => `${status} ${code}`)).toEqual(wrong.map(() => '401 INVALID_CREDENTIALS'));
  expect(new Set(answers.map(({ message }) => message)).size).toBe(1);
  expect(answers.every(({ requestId }) => typeof requestId === 'string' && requestId.length > 0)).toBe(true);
});

test('credentials that are not valid any more do not keep anyone from signing in', async () => {
  await hire(seaside, 'stale');
  const response = await fetch(`${app.url}/trpc/auth.signIn`, {
    method: 'POST',
    headers: { authorization: 'Bearer expired', 'content-type': 'application/json' },
    body: JSON.stringify({ tenant: 'seaside', email: 'stale@example.com', password: 'correct horse battery' }),
  });
  expect(response.status).toBe(200);
});

test('while the primary is away, keys and access tokens still open what replicas can answer', async () => {
  await hire(seaside, 'replica');
  const { accessToken } = await signIn(app, 'seaside', 'replica');
  const admin = new pg.Client({ connectionString: inject('embedded').adminUrl });
  await admin.connect();
  for (const url of app.database.replicaUrls) await waitForReplay(admin, url);
  await admin.end();

  const away = new URL(app.database.primaryUrl);
  away.port = '1';
  const cutOff = await startApp({ database: app.database, settings: { DATABASE_URL: away.href }, verified: false });
  try {
    for (const credentials of [seaside.ownerKey, accessToken]) {
      const { items } = await cutOff.client(credentials).users.list.query({ email: 'replica@example.com' });
      expect(items).toHaveLength(1);
    }
    expect(await refusalOf(cutOff.client(`${seaside.ownerKey.slice(0, -1)}_`).users.list.query({}))).toMatchObject({
      code: 'INVALID_CREDENTIALS',
    });
  } finally {
    await cutOff.close();
  }
});

import { afterEach, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { hire, PASSWORD } from '../access/staff.ts';

let app: TestApp;
afterEach(() => app.close());

const started = async (settings: Record<string, string>) => {
  app = await startApp({ settings });
};
const ask = (path: string, headers: Record<string, string> = {}) => fetch(app.url + path, { headers });
const bearer = (credentials: string) => ({ authorization: `Bearer ${credentials}` });
const standing = (answer: Response) => ({
  status: answer.status,
  policy: answer.headers.get('ratelimit-policy'),
  limit: answer.headers.get('ratelimit')?.replace(/;t=\d+$/, ''),
  retry: answer.headers.has('retry-after'),
});

test('without credentials an address has a hundred calls a minute, however they come; the rest is refused', async () => {
  await started({});
  const [tenant, newcomer] = [await app.tenant('seaside'), await app.tenant('newcomer')];
  await tenant.client.auth.me.query({});
  const first = await ask('/api/v1/properties');
  expect(standing(first)).toEqual({
    status: 401,
    policy: '"anonymous";q=100;w=60',
    limit: '"anonymous";r=99',
    retry: false,
  });
  expect(first.headers.get('ratelimit')).toMatch(/;t=(60|59)$/);
  expect(standing(await ask('/trpc/properties.list', bearer('ik_wrong'))).limit).toBe('"anonymous";r=98');
  const batch = `/trpc/${Array(20).fill('properties.list').join(',')}?batch=1`;
  for (let left = 78; left >= 18; left -= 20) expect(standing(await ask(batch)).limit).toBe(`"anonymous";r=${left}`);

  const refused = await ask(batch);
  expect(standing(refused)).toMatchObject({ status: 429, limit: '"anonymous";r=0', retry: true });
  const body = (await refused.json()) as unknown[];
  expect(body).toHaveLength(20);
  expect(body[0]).toMatchObject({ error: { data: { code: 'RATE_LIMITED', retryable: true } } });
  const rest = await ask('/api/v1/properties');
  expect(standing(rest)).toMatchObject({ status: 429, retry: true });
  expect(await rest.json()).toMatchObject({
    error: { code: 'RATE_LIMITED', details: { retryAfterSeconds: expect.any(Number) } },
  });
  expect(Number(rest.headers.get('retry-after'))).toBeGreaterThan(0);
  await expect(
    app.client(null).auth.signIn.mutate({ tenant: 'x', email: 'a@example.com', password: 'y' }),
  ).rejects.toMatchObject({ data: { code: 'RATE_LIMITED' } });

  for (const path of ['/livez', '/readyz', '/docs', '/openapi.json']) expect((await ask(path)).status, path).toBe(200);
  expect(standing(await ask('/api/v1/properties', bearer(tenant.ownerKey)))).toEqual({
    status: 200,
    policy: null,
    limit: undefined,
    retry: false,
  });
  // Credentials that nobody here has seen valid may be made up, and are not looked up any more.
  expect(standing(await ask('/api/v1/properties', bearer(newcomer.ownerKey)))).toMatchObject({ status: 429 });
});

test('each key and each user has its own count, and each tenant’s are apart', async () => {
  await started({ RATE_LIMIT_SECRET: '2', RATE_LIMIT_PUBLISHABLE: '3', RATE_LIMIT_USER: '4' });
  const [one, other] = [await app.tenant('one'), await app.tenant('other')];
  const { secret } = await one.client.apiKeys.create.mutate({
    name: 'site',
    kind: 'publishable',
    permissions: ['properties:read'],
    idempotencyKey: 'key-0123456789abcdef',
  });
  await hire(one, 'ann');
  const { accessToken } = await app
    .client(null)
    .auth.signIn.mutate({ tenant: 'one', email: 'ann@example.com', password: PASSWORD });
  const list = async (credentials: string) => standing(await ask('/api/v1/properties', bearer(credentials)));
  expect(await list(one.ownerKey)).toMatchObject({ status: 429, policy: '"secret";q=2;w=60', limit: '"secret";r=0' });
  expect(await list(other.ownerKey)).toMatchObject({ status: 200, limit: '"secret";r=1' });
  expect(await list(secret ?? '')).toMatchObject({ status: 200, limit: '"publishable";r=2' });
  expect(await list(accessToken)).toMatchObject({ status: 200, limit: '"user";r=3' });
});

test('behind a trusted proxy each client counts for itself, else they count together whatever they say', async () => {
  const settings = { RATE_LIMIT_ANONYMOUS: '2', RATE_LIMIT_PUBLISHABLE: '2' };
  const from = async (address: string, headers = {}) =>
    standing(await ask('/api/v1/properties', { ...headers, 'x-forwarded-for': address }));
  await started(settings);
  expect(await from('203.0.113.1')).toMatchObject({ limit: '"anonymous";r=1' });
  expect(await from('203.0.113.2')).toMatchObject({ limit: '"anonymous";r=0' });
  await app.close();

  await started({ ...settings, TRUST_PROXY: '127.0.0.1' });
  expect(await from('203.0.113.1')).toMatchObject({ limit: '"anonymous";r=1' });
  expect(await from('203.0.113.2')).toMatchObject({ limit: '"anonymous";r=1' });
  expect(await from('203.0.113.9, 203.0.113.1')).toMatchObject({ limit: '"anonymous";r=0' });
  expect(await from('2001:db8:1:2::1')).toMatchObject({ limit: '"anonymous";r=1' });
  expect(await from('2001:db8:1:2:3::9')).toMatchObject({ limit: '"anonymous";r=0' });
  const tenant = await app.tenant('seaside');
  const { secret } = await tenant.client.apiKeys.create.mutate({
    name: 'site',
    kind: 'publishable',
    permissions: ['properties:read'],
    idempotencyKey: 'key-0123456789abcdef',
  });
  await from('203.0.113.3', bearer(secret ?? ''));
  for (const address of ['203.0.113.1', '203.0.113.2'])
    expect(await from(address, bearer(secret ?? ''))).toMatchObject({ status: 200, limit: '"publishable";r=1' });
});

test('failed sign-ins count against the client, not against the proxy before it', async () => {
  await started({ TRUST_PROXY: '1', SIGN_IN_ATTEMPTS_PER_ADDRESS: '1' });
  await hire(await app.tenant('seaside'), 'ann');
  const signIn = async (address: string, password: string) => {
    const body = JSON.stringify({ tenant: 'seaside', email: 'ann@example.com', password });
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': address };
    return fetch(`${app.url}/trpc/auth.signIn`, { method: 'POST', headers, body });
  };
  expect((await signIn('203.0.113.1', 'wrong')).status).toBe(401);
  const refused = await signIn('203.0.113.1', PASSWORD);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('900');
  expect((await signIn('203.0.113.2', PASSWORD)).status).toBe(200);
});

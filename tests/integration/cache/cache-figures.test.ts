import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createProgram } from '../../../src/cli/program.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createProperty, key } from '../../support/hotel.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

const UNSETTLED = 'select id from event where txid >= pg_snapshot_xmin(pg_current_snapshot()) limit 1';

let app: TestApp;
let tenant: TestTenant;
beforeAll(async () => {
  app = await startApp({ settings: { CACHE_POLL_MS: '20', PROCESS_NAME: 'pod-7' } });
  tenant = await app.tenant('figures');
  const { id: propertyId } = await createProperty(tenant.client, { name: 'Told of by nobody' });
  // The property's own making is told before it is kept, so that nothing seems to change it.
  await vi.waitFor(async () => expect(await tenantRows(app.database, tenant.tenantId, UNSETTLED)).toEqual([]), {
    timeout: 30_000,
    interval: 20,
  });
  const search = () =>
    tenant.client.availability.search.query({ arrival: '2026-04-01', departure: '2026-04-02', city: 'x' });
  await vi.waitUntil(
    async () => {
      await search();
      return (app.application.cache?.stats().types.search.hit ?? 0) > 0;
    },
    { timeout: 10_000, interval: 20 },
  );
  app.application.cache?.dropType('search');
  for (let read = 0; read < 5; read++) await tenant.client.properties.get.query({ propertyId });
});
afterAll(() => app.close());
afterEach(() => vi.restoreAllMocks());

const printed = async (...args: string[]): Promise<string> => {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const given = ['cache-stats', '--url', app.url, '--key', tenant.ownerKey, ...args];
  await createProgram().parseAsync(given, { from: 'user' });
  return written.join('');
};

test('an owner is told what the process that answers keeps, under its name and without anything of a tenant', async () => {
  const figures = await tenant.client.performance.cache.query();
  expect(figures).toMatchObject({ host: 'pod-7', shared: null, memory: { mostBytes: 64_000_000 } });
  const property = figures.types.find(({ type }) => type === 'property');
  expect(property).toMatchObject({ ttlMs: 3_600_000, leastTtlMs: 600_000, mostTtlMs: 14_400_000 });
  expect((property?.hits ?? 0) + (property?.misses ?? 0)).toBe(5);
  expect(property?.fills).toBeGreaterThan(0);
  const { tenantId } = tenant;
  for (const of of [tenantId, 'figures', 'Told of']) expect(JSON.stringify(figures)).not.toContain(of);
});

test('nobody else is told', async () => {
  const { secret } = await tenant.client.apiKeys.create.mutate({
    ...{ name: 'Reads all else', permissions: ['properties:read', 'audit:read'], idempotencyKey: key() },
  });
  await expect(app.client(secret).performance.cache.query()).rejects.toMatchObject({ data: { code: 'FORBIDDEN' } });
});

test('`innkeeper cache-stats` prints it as a table, or as JSON', async () => {
  expect(JSON.parse(await printed('--json'))).toMatchObject({ host: 'pod-7' });
  vi.restoreAllMocks();
  const page = await printed();
  expect(page).toContain('The cache of pod-7: 1 answers in');
  expect(page).toMatch(/^property +\d+ +\d+ +\d+\.\d %/m);
  expect(page).toMatch(/^availability .* 60\.0 s +10\.0 s +4\.0 min$/m);
});

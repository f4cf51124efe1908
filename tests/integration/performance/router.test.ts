import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createProgram } from '../../../src/cli/program.ts';
import type { TestTenant } from '../../support/app.ts';
import { createHotel, key } from '../../support/hotel.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let owner: TestTenant;
let other: TestTenant;
let propertyIds: string[];
beforeAll(async () => {
  stage = await openStage({ PERFORMANCE_API_FOR_OWNERS: 'true' });
  owner = await stage.app.tenant('owner-of-one');
  other = await stage.app.tenant('somebody-else');
  propertyIds = [(await createHotel(owner.client)).propertyId, (await createHotel(other.client)).propertyId];
}, 60_000);
afterAll(() => stage.close());
beforeEach(() => {
  stage.operations.length = 0;
});
afterEach(() => vi.restoreAllMocks());

const READS = [
  ...(['status', 'metrics', 'prometheus', 'alerts', 'databasePool', 'cache', 'memory', 'queries', 'async'] as const),
];

test.for(READS)(
  'performance.%s tells an owner what the admin port tells, and nothing of anybody else',
  async (name) => {
    const told = await owner.client.performance[name].query();
    expect(told).toMatchObject({ host: 'pod-7' });
    for (const { tenantId } of [owner, other]) expect(JSON.stringify(told)).not.toContain(tenantId);
    expect(JSON.stringify(told)).not.toMatch(/somebody-else|owner-of-one/);
  },
);

test('reading needs performance:read, and doing something performance:manage', async () => {
  const keyWith = async (...permissions: ('properties:read' | 'performance:read')[]) => {
    const made = await owner.client.apiKeys.create.mutate({ name: 'Some', permissions, idempotencyKey: key() });
    return stage.app.client(made.secret);
  };
  const forbidden = { data: { code: 'FORBIDDEN' } };
  const [nobody, reader] = [await keyWith('properties:read'), await keyWith('performance:read')];
  for (const name of READS) await expect(nobody.performance[name].query()).rejects.toMatchObject(forbidden);
  await expect(reader.performance.clearCache.mutate({ all: true })).rejects.toMatchObject(forbidden);
  await expect(reader.performance.collectGarbage.mutate()).rejects.toMatchObject(forbidden);
  expect((await reader.performance.status.query()).ready).toBe(true);
  expect(stage.operations).toEqual([]);
});

test('a tag is cleared for the tenant that asks only, and what was done is in its audit and in the log', async () => {
  const read = (tenant: TestTenant, index: number) =>
    tenant.client.properties.get.query({ propertyId: propertyIds[index] ?? '' });
  await read(owner, 0);
  await read(other, 1);
  const clear = (tenant: TestTenant, index: number) =>
    tenant.client.performance.clearCache.mutate({ tag: `property:${propertyIds[index]}` });
  expect(await clear(owner, 1)).toMatchObject({ memory: 0 });
  expect((await clear(other, 1)).memory).toBeGreaterThan(0);
  expect(await owner.client.performance.collectGarbage.mutate()).toMatchObject({ host: 'pod-7' });
  expect(stage.operations).toHaveLength(3);
  expect(stage.operations[2]).toMatch(/^[0-9a-f-]{36}: collect garbage$/);
  const audits = await tenantRows(stage.app.database, owner.tenantId, 'select procedure from audit_entry');
  expect(audits.map(({ procedure }) => procedure)).toEqual(
    expect.arrayContaining(['performance.clearCache', 'performance.collectGarbage']),
  );
});

test('`innkeeper watch` prints one picture where the output is no terminal', async () => {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  await createProgram().parseAsync(['watch', '--url', `${stage.adminUrl}/`, '--once'], { from: 'user' });
  const page = written.join('');
  expect(page).toMatch(/^Innkeeper 1\.2\.3 {2}pod-7 at http:.* up /);
  expect(page).toMatch(/^properties\.create /m);
  expect(page).not.toContain(String.fromCharCode(27));
});

test('`innkeeper watch` says which port it means when it is told another one', async () => {
  const watch = (url: string) => createProgram().parseAsync(['watch', '--url', url], { from: 'user' });
  await expect(watch(stage.app.url)).rejects.toThrow(/has no metrics\. It is the admin port that is asked/);
  await expect(watch('http://127.0.0.1:1')).rejects.toThrow(/Nothing answers at/);
});

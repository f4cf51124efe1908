import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestTenant } from '../../support/app.ts';
import { createHotel } from '../../support/hotel.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { openStage, type Stage, sent, told } from './stage.ts';

let stage: Stage;
let owner: TestTenant;
let propertyId: string;
beforeAll(async () => {
  stage = await openStage();
  owner = await stage.app.tenant('owner-of-one');
  propertyId = (await createHotel(owner.client)).propertyId;
}, 60_000);
afterAll(() => stage.close());

const operatorsOnly = { data: { code: 'OPERATORS_ONLY', httpStatus: 403 } };

test.for(['alerts', 'prometheus', 'queries', 'async'] as const)(
  'performance.%s, which is about all tenants, is not for the owner of one',
  async (name) => {
    await expect(owner.client.performance[name].query()).rejects.toMatchObject(operatorsOnly);
  },
);

test.for(['status', 'metrics', 'databasePool', 'cache', 'memory'] as const)(
  'performance.%s, which is about the process, is for owners',
  async (name) => {
    expect(await owner.client.performance[name].query()).toMatchObject({ host: 'pod-7' });
  },
);

test('an owner empties no other tenant’s cache and stops nobody’s process, and nothing of that is in the audit', async () => {
  const { performance } = owner.client;
  await owner.client.properties.get.query({ propertyId });
  const held = async () => (await told(stage, '/performance/cache')).json().memory.entries;
  const before = await held();
  await expect(performance.clearCache.mutate({ all: true })).rejects.toMatchObject(operatorsOnly);
  await expect(performance.clearCache.mutate({ type: 'property' })).rejects.toMatchObject(operatorsOnly);
  await expect(performance.collectGarbage.mutate()).rejects.toMatchObject(operatorsOnly);
  expect(await held()).toBe(before);
  expect(stage.operations).toEqual([]);
  const audits = await tenantRows(
    stage.app.database,
    owner.tenantId,
    "select from audit_entry where procedure like 'performance.%'",
  );
  expect(audits).toEqual([]);
  expect((await performance.clearCache.mutate({ tag: `property:${propertyId}` })).memory).toBeGreaterThan(0);
});

test('the admin port collects garbage once a minute', async () => {
  stage.operations.length = 0;
  expect((await sent(stage, '/performance/memory/gc', {})).status).toBe(200);
  const again = await sent(stage, '/performance/memory/gc', {});
  expect(again.status).toBe(429);
  expect(again.json().error).toMatchObject({ code: 'GARBAGE_COLLECTED_LATELY' });
  expect(stage.operations).toEqual(['admin port: collect garbage']);
});

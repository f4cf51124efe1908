import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createPlan, createProperty, key } from '../../support/hotel.ts';
import { failingPaths, refusalOf } from '../../support/refusal.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

let app: TestApp;
let tenant: TestTenant;
let stranger: TestTenant;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('casa');
  stranger = await app.tenant('stranger');
});
afterAll(() => app.close());

const UNKNOWN = '019cd000-0000-7000-8000-000000000000';
const cityTax = {
  code: 'city',
  name: 'City tax',
  kind: 'per_person_per_night',
  value: 200,
  included: false,
  exemptUpToAge: 12,
} as const;

describe('a property', () => {
  it('is shown as it was made', async () => {
    const made = await createProperty(tenant.client, {
      latitude: 38.7,
      longitude: -9.1,
      amenities: ['pool', 'NULL', 'a "quoted", {odd}\n \\ one'],
      taxes: [cityTax],
      country: 'PT',
    });
    expect(made).toMatchObject({
      active: true,
      priceFrom: null,
      reviewCount: 0,
      createdAt: '2026-03-02T12:00:00.000Z',
    });
    expect(made).toMatchObject({ checkInTime: '15:00', checkOutTime: '11:00', dayStartsAt: '04:00', taxes: [cityTax] });
    expect(await tenant.client.properties.get.query({ propertyId: made.id })).toEqual(made);
  });

  it('is made once, however often the call is sent again, and leaves one audit entry', async () => {
    const idempotencyKey = key();
    const [first, twin] = await Promise.all([
      createProperty(tenant.client, { idempotencyKey, city: 'Évora' }),
      createProperty(tenant.client, { idempotencyKey, city: 'Évora' }),
    ]);
    expect(twin).toEqual(first);
    expect(await createProperty(tenant.client, { idempotencyKey, city: 'Évora' })).toEqual(first);
    const { items } = await tenant.client.properties.list.query({ city: 'Evora' });
    expect(items).toEqual([first]);
    const audit = await tenantRows(
      app.database,
      tenant.tenantId,
      'select procedure, before, after from audit_entry where entity_id = $1',
      [first.id],
    );
    expect(audit).toEqual([{ procedure: 'properties.create', before: null, after: first }]);
  });

  it('conflicts when a key comes back with another body', async () => {
    const idempotencyKey = key();
    await createProperty(tenant.client, { idempotencyKey });
    const refusal = await refusalOf(createProperty(tenant.client, { idempotencyKey, name: 'Another' }));
    expect(refusal).toMatchObject({ httpStatus: 409, code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('is as unknown to another tenant as one that does not exist', async () => {
    const { id } = await createProperty(tenant.client);
    const { properties } = stranger.client;
    const calls = (propertyId: string) => [
      properties.get.query({ propertyId }),
      properties.update.mutate({ propertyId, name: 'Mine', idempotencyKey: key() }),
      properties.activate.mutate({ propertyId, idempotencyKey: key() }),
      properties.deactivate.mutate({ propertyId, idempotencyKey: key() }),
    ];
    const foreign = await Promise.all(calls(id).map(refusalOf));
    const unknown = await Promise.all(calls(UNKNOWN).map(refusalOf));
    expect(foreign).toEqual(unknown);
    expect(foreign.map(({ httpStatus, code }) => [httpStatus, code])).toEqual(Array(4).fill([404, 'NOT_FOUND']));
    expect((await properties.list.query({})).items).toEqual([]);
    expect(await tenant.client.properties.get.query({ propertyId: id })).toMatchObject({ name: 'Casa do Rio' });
  });

  it('names every failing field of a bad request at once and is not made', async () => {
    const before = await tenant.client.properties.list.query({ withTotal: true });
    const refusal = await refusalOf(
      createProperty(tenant.client, {
        name: ' ',
        timeZone: 'Europe/Atlantis',
        currency: 'XYZ',
        checkInTime: '24:00',
        latitude: 91,
        taxes: [cityTax, { ...cityTax, name: 'Twice' }],
        stars: 5,
      } as never),
    );
    expect(refusal).toMatchObject({ httpStatus: 400, code: 'INVALID_INPUT' });
    expect(failingPaths(refusal)).toEqual(
      ['checkInTime', 'currency', 'latitude', 'longitude', 'name', 'stars', 'taxes.1.code', 'timeZone'].sort(),
    );
    expect(await tenant.client.properties.list.query({ withTotal: true })).toEqual(before);
  });

  it('keeps the external reference it was given to itself', async () => {
    await createProperty(tenant.client, { externalRef: 'airbnb-1' });
    const refusal = await refusalOf(createProperty(tenant.client, { externalRef: 'airbnb-1' }));
    expect(refusal).toMatchObject({ httpStatus: 409, code: 'EXTERNAL_REF_TAKEN' });
    expect(failingPaths(refusal)).toEqual(['externalRef']);
    expect(await createProperty(stranger.client, { externalRef: 'airbnb-1' })).toMatchObject({ active: true });
  });

  it('is made by those only who may manage properties', async () => {
    const { secret } = await tenant.client.apiKeys.create.mutate({
      name: 'reader',
      kind: 'secret',
      permissions: ['properties:read', 'rates:manage'],
      idempotencyKey: key(),
    });
    const reader = app.client(secret);
    const refusal = await refusalOf(createProperty(reader));
    expect(refusal).toMatchObject({ httpStatus: 403, details: { permission: 'properties:manage' } });
    expect((await reader.properties.list.query({ limit: 1 })).items).toHaveLength(1);
  });
});

describe('changing a property', () => {
  it('changes the named fields only and audits both sides', async () => {
    const before = await createProperty(tenant.client, { country: 'PT', amenities: ['pool'] });
    const after = await tenant.client.properties.update.mutate({
      propertyId: before.id,
      city: 'Faro',
      country: null,
      taxes: [cityTax],
      idempotencyKey: key(),
    });
    expect(after).toEqual({ ...before, city: 'Faro', country: null, taxes: [cityTax] });
    expect((await tenant.client.properties.list.query({ city: 'FARO' })).items).toEqual([after]);
    const audit = await tenantRows(
      app.database,
      tenant.tenantId,
      `select before, after from audit_entry where entity_id = $1 and procedure = 'properties.update'`,
      [before.id],
    );
    expect(audit).toEqual([{ before, after }]);
  });

  it('changes the currency until there are rate plans', async () => {
    const { id: propertyId } = await createProperty(tenant.client);
    const toDollar = () =>
      tenant.client.properties.update.mutate({ propertyId, currency: 'USD', idempotencyKey: key() });
    expect(await toDollar()).toMatchObject({ currency: 'USD' });
    await createPlan(tenant.client, propertyId);
    expect(await toDollar()).toMatchObject({ currency: 'USD' });
    const refusal = await refusalOf(
      tenant.client.properties.update.mutate({ propertyId, currency: 'EUR', idempotencyKey: key() }),
    );
    expect(refusal).toMatchObject({ httpStatus: 409, code: 'CURRENCY_IN_USE' });
  });

  it('takes it off sale and puts it back on', async () => {
    const { id: propertyId } = await createProperty(tenant.client, { city: 'Porto' });
    const listed = async (active: boolean) =>
      (await tenant.client.properties.list.query({ city: 'porto', active })).items.map(({ id }) => id);
    expect(await tenant.client.properties.deactivate.mutate({ propertyId, idempotencyKey: key() })).toMatchObject({
      active: false,
    });
    expect([await listed(true), await listed(false)]).toEqual([[], [propertyId]]);
    await tenant.client.properties.activate.mutate({ propertyId, idempotencyKey: key() });
    expect([await listed(true), await listed(false)]).toEqual([[propertyId], []]);
  });
});

describe('the list of properties', () => {
  it('pages through all that match, each once, and counts them when asked', async () => {
    const made: string[] = [];
    for (let i = 0; i < 7; i++) made.push((await createProperty(tenant.client, { type: 'hostel' })).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await tenant.client.properties.list.query({
        type: 'hostel',
        limit: 3,
        withTotal: true,
        ...(cursor ? { cursor } : {}),
      });
      expect(page).toMatchObject({ total: 7, totalIsCapped: false });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(made);
    const unmatched = await tenant.client.properties.list.query({ type: 'castle', withTotal: true });
    expect(unmatched).toEqual({ items: [], nextCursor: null, total: 0, totalIsCapped: false });
    expect(await tenant.client.properties.list.query({ type: 'castle' })).toEqual({ items: [], nextCursor: null });
  });

  it('refuses damaged cursors and sizes beyond its limits', async () => {
    const { list } = tenant.client.properties;
    for (const cursor of ['x', Buffer.from('["1"]').toString('base64url'), Buffer.from('{}').toString('base64url')]) {
      expect(await refusalOf(list.query({ cursor }))).toMatchObject({ httpStatus: 400, code: 'INVALID_CURSOR' });
    }
    for (const limit of [0, 101, 1.5]) {
      expect(failingPaths(await refusalOf(list.query({ limit })))).toEqual(['limit']);
    }
  });
});

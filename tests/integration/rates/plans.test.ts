import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createPlan, createProperty, freeCancellation, key } from '../../support/hotel.ts';
import { failingPaths, refusalOf } from '../../support/refusal.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

let app: TestApp;
let tenant: TestTenant;
let stranger: TestTenant;
let propertyId: string;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('casa');
  stranger = await app.tenant('stranger');
  propertyId = (await createProperty(tenant.client)).id;
});
afterAll(() => app.close());

const free = { kind: 'percent', basisPoints: 0 } as const;
const oneNight = { kind: 'nights', nights: 1 } as const;
const tiers = [
  { hoursBefore: 24, fee: oneNight },
  { hoursBefore: 168, fee: free },
  { hoursBefore: 48, fee: oneNight },
];
const ages = [
  { maxAge: 11, amount: 1_500 },
  { maxAge: 2, amount: 0 },
];

describe('a rate plan', () => {
  it('keeps its tiers from the most hours down and its child prices by rising age', async () => {
    const plan = await createPlan(tenant.client, propertyId, {
      occupancy: { includedAdults: 2, extraAdult: 2_000, childPrices: ages },
      terms: { ...freeCancellation, cancellation: tiers },
    });
    expect(plan.terms.cancellation.map(({ hoursBefore }) => hoursBefore)).toEqual([168, 48, 24]);
    expect(plan.occupancy.childPrices.map(({ maxAge }) => maxAge)).toEqual([2, 11]);
    expect(await tenant.client.rates.getPlan.query({ ratePlanId: plan.id })).toEqual(plan);

    const changed = await tenant.client.rates.updatePlan.mutate({
      ratePlanId: plan.id,
      terms: { ...freeCancellation, cancellation: tiers.slice(0, 2) },
      occupancy: { includedAdults: 1, extraAdult: 0, childPrices: ages },
      idempotencyKey: key(),
    });
    expect(changed.terms.cancellation.map(({ hoursBefore }) => hoursBefore)).toEqual([168, 24]);
    expect(changed.occupancy).toEqual({ includedAdults: 1, extraAdult: 0, childPrices: ages.toReversed() });
  });

  it('names every repeated tier and age together with the other faults', async () => {
    const refusal = await refusalOf(
      createPlan(tenant.client, propertyId, {
        code: 'NOT OK',
        occupancy: { includedAdults: 2, extraAdult: 0, childPrices: [...ages, { maxAge: 2, amount: 5 }] },
        terms: { ...freeCancellation, cancellation: [...tiers, { hoursBefore: 48, fee: free }] },
      }),
    );
    expect(refusal).toMatchObject({ httpStatus: 400, code: 'INVALID_INPUT' });
    expect(failingPaths(refusal)).toEqual([
      'code',
      'occupancy.childPrices.2.maxAge',
      'terms.cancellation.3.hoursBefore',
    ]);
  });

  it('refuses negative and fractional money', async () => {
    const refusal = await refusalOf(
      createPlan(tenant.client, propertyId, {
        occupancy: { includedAdults: 2, extraAdult: -1, childPrices: [{ maxAge: 2, amount: 0.5 }] },
      }),
    );
    expect(failingPaths(refusal)).toEqual(['occupancy.childPrices.0.amount', 'occupancy.extraAdult']);
  });

  it('has a code of its own in the property, also after a change', async () => {
    const flexible = await createPlan(tenant.client, propertyId, { code: 'FLEX' });
    const other = await createPlan(tenant.client, propertyId, { code: 'SAVER' });
    const twice = await refusalOf(createPlan(tenant.client, propertyId, { code: 'FLEX' }));
    expect(twice).toMatchObject({ httpStatus: 409, code: 'PLAN_CODE_TAKEN', fields: [{ path: 'code' }] });
    const renamed = tenant.client.rates.updatePlan.mutate({
      ratePlanId: other.id,
      code: 'FLEX',
      idempotencyKey: key(),
    });
    expect(await refusalOf(renamed)).toMatchObject({ httpStatus: 409, code: 'PLAN_CODE_TAKEN' });
    expect(await tenant.client.rates.getPlan.query({ ratePlanId: flexible.id })).toEqual(flexible);
    const elsewhere = await createProperty(tenant.client);
    expect(await createPlan(tenant.client, elsewhere.id, { code: 'FLEX' })).toMatchObject({ code: 'FLEX' });
  });

  it('is made once, however often the call is sent again, and audited with what it was before a change', async () => {
    const idempotencyKey = key();
    const changes = { idempotencyKey, code: 'ONCE' };
    const before = await createPlan(tenant.client, propertyId, changes);
    expect(await createPlan(tenant.client, propertyId, changes)).toEqual(before);
    expect(await refusalOf(createPlan(tenant.client, propertyId, { ...changes, name: 'Other' }))).toMatchObject({
      httpStatus: 409,
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    const after = await tenant.client.rates.updatePlan.mutate({
      ratePlanId: before.id,
      name: 'Renamed',
      active: false,
      idempotencyKey: key(),
    });
    expect(after).toEqual({ ...before, name: 'Renamed', active: false });
    const audit = await tenantRows(
      app.database,
      tenant.tenantId,
      'select procedure, before, after from audit_entry where entity_id = $1 order by procedure',
      [before.id],
    );
    expect(audit).toEqual([
      { procedure: 'rates.createPlan', before: null, after: before },
      { procedure: 'rates.updatePlan', before, after },
    ]);
  });

  it('is as unknown to another tenant as one that does not exist', async () => {
    const { id } = await createPlan(tenant.client, propertyId);
    const { rates } = stranger.client;
    const range = { from: '2026-05-01', until: '2026-05-02' };
    const calls = (ratePlanId: string) => [
      rates.getPlan.query({ ratePlanId }),
      rates.updatePlan.mutate({ ratePlanId, name: 'Mine', idempotencyKey: key() }),
      rates.calendar.query({ ratePlanId, roomTypeId: id, ...range }),
      rates.setPrices.mutate({
        ratePlanId,
        entries: [{ roomTypeIds: [id], ...range, price: 1 }],
        idempotencyKey: key(),
      }),
      rates.setRestrictions.mutate({
        ratePlanId,
        entries: [{ roomTypeIds: [id], ...range, stopSell: true }],
        idempotencyKey: key(),
      }),
    ];
    const foreign = await Promise.all(calls(id).map(refusalOf));
    const unknown = await Promise.all(calls('019cd000-0000-7000-8000-000000000000').map(refusalOf));
    expect(foreign).toEqual(unknown);
    expect(foreign.map(({ httpStatus }) => httpStatus)).toEqual(Array(5).fill(404));
    expect(await refusalOf(createPlan(stranger.client, propertyId))).toMatchObject({
      httpStatus: 404,
      fields: [{ path: 'propertyId' }],
    });
  });
});

describe('the list of rate plans', () => {
  it('pages through the plans of one property and narrows to active ones', async () => {
    const { id } = await createProperty(tenant.client);
    const made = [];
    for (let i = 0; i < 3; i++) made.push(await createPlan(tenant.client, id));
    const first = await tenant.client.rates.listPlans.query({ propertyId: id, limit: 2 });
    const rest = await tenant.client.rates.listPlans.query({
      propertyId: id,
      limit: 2,
      cursor: first.nextCursor ?? '',
    });
    expect([...first.items, ...rest.items]).toEqual(made);
    expect(rest.nextCursor).toBeNull();
    await tenant.client.rates.updatePlan.mutate({
      ratePlanId: made[0]?.id ?? '',
      active: false,
      idempotencyKey: key(),
    });
    const { items } = await tenant.client.rates.listPlans.query({ propertyId: id, active: true });
    expect(items).toEqual(made.slice(1));
  });
});

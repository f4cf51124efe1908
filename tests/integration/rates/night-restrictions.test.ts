import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addDays } from '../../../src/kernel/dates.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createPlan, createProperty, createRoomType, key } from '../../support/hotel.ts';
import { failingPaths, refusalOf } from '../../support/refusal.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { allNights, FIRST_NIGHT, NIGHTS, names, type Selection, selection } from './arbitrary-entries.ts';

let app: TestApp;
let tenant: TestTenant;
let propertyId: string;
let ratePlanId: string;
let roomTypeId: string;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('casa');
});
beforeEach(async () => {
  propertyId = (await createProperty(tenant.client)).id;
  roomTypeId = (await createRoomType(tenant.client, propertyId)).id;
  ratePlanId = (await createPlan(tenant.client, propertyId)).id;
});
afterAll(() => app.close());

interface Restrictions {
  stopSell: boolean | null;
  closedToArrival: boolean | null;
  closedToDeparture: boolean | null;
  minStay: number | null;
  maxStay: number | null;
  minAdvance: number | null;
  maxAdvance: number | null;
}
type Entry = Selection & Partial<Restrictions>;

const none = {
  stopSell: false,
  closedToArrival: false,
  closedToDeparture: false,
  minStay: null,
  maxStay: null,
  minAdvance: null,
  maxAdvance: null,
};
const setRestrictions = (entries: Entry[], plan = ratePlanId, idempotencyKey = key()) =>
  tenant.client.rates.setRestrictions.mutate({ ratePlanId: plan, entries, idempotencyKey });
const nights = (from: string, until: string, restrictions: Partial<Restrictions>): Entry => ({
  roomTypeIds: [roomTypeId],
  from,
  until,
  ...restrictions,
});
const calendar = async (from: string, until: string, plan = ratePlanId, of = roomTypeId) =>
  (await tenant.client.rates.calendar.query({ ratePlanId: plan, roomTypeId: of, from, until })).nights;

const flag = fc.constantFrom(true, false, null);
// Limits that never cross, so that every call is taken.
const limit = (min: number, max: number) => fc.option(fc.integer({ min, max }));
const restrictions = fc
  .record(
    {
      stopSell: flag,
      closedToArrival: flag,
      closedToDeparture: flag,
      minStay: limit(1, 5),
      maxStay: limit(5, 9),
      minAdvance: limit(0, 5),
      maxAdvance: limit(5, 9),
    },
    { requiredKeys: [] },
  )
  .filter((chosen) => Object.keys(chosen).length > 0);

describe('setting restrictions', () => {
  it('sets each field of a night to what the last entry that names it says, and leaves the others and the price', async () => {
    const suite = (await createRoomType(tenant.client, propertyId)).id;
    const both = [roomTypeId, suite];
    const entry = fc.tuple(selection(both), restrictions).map(([where, what]): Entry => ({ ...where, ...what }));
    const until = addDays(FIRST_NIGHT, NIGHTS);
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 6 }), async (entries) => {
        const plan = (await createPlan(tenant.client, propertyId)).id;
        await tenant.client.rates.setPrices.mutate({
          ratePlanId: plan,
          entries: [{ roomTypeIds: [suite], from: FIRST_NIGHT, until, weekdays: [1, 3], price: 4_200 }],
          idempotencyKey: key(),
        });
        const prices = (await calendar(FIRST_NIGHT, until, plan, suite)).map(({ price }) => price);
        const half = Math.ceil(entries.length / 2);
        await setRestrictions(entries.slice(0, half), plan);
        if (half < entries.length) await setRestrictions(entries.slice(half), plan);

        for (const of of both) {
          const stored = await calendar(FIRST_NIGHT, until, plan, of);
          const expected = allNights.map((night) => {
            const wanted: Record<string, unknown> = { ...none };
            for (const candidate of entries.filter((candidate) => names(candidate, of, night))) {
              for (const field of Object.keys(none) as (keyof Restrictions)[]) {
                if (field in candidate) wanted[field] = candidate[field] ?? none[field];
              }
            }
            return { night, ...wanted };
          });
          expect(stored.map(({ price: _, ...night }) => night)).toEqual(expected);
          if (of === suite) expect(stored.map(({ price }) => price)).toEqual(prices);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('counts what it named and what it changed, and changes nothing when it is sent again', async () => {
    const idempotencyKey = key();
    const entries = [nights('2026-05-01', '2026-05-11', { minStay: 2 })];
    const answer = { ratePlanId, nights: 10, changed: 10 };
    expect(await setRestrictions(entries, ratePlanId, idempotencyKey)).toEqual(answer);
    await setRestrictions([nights('2026-05-01', '2026-05-02', { minStay: null })]);
    expect(await setRestrictions(entries, ratePlanId, idempotencyKey)).toEqual(answer);
    expect((await calendar('2026-05-01', '2026-05-02'))[0]).toMatchObject({ minStay: null });
    const other = [nights('2026-05-01', '2026-05-11', { minStay: 3 })];
    expect(await refusalOf(setRestrictions(other, ratePlanId, idempotencyKey))).toMatchObject({
      httpStatus: 409,
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect(await setRestrictions(entries)).toMatchObject({ nights: 10, changed: 1 });
  });

  it('audits the restrictions that were there before, in runs', async () => {
    await setRestrictions([nights('2026-05-01', '2026-05-04', { minStay: 2 })]);
    await setRestrictions([nights('2026-05-02', '2026-05-09', { stopSell: true })]);
    const [entry] = await tenantRows(
      app.database,
      tenant.tenantId,
      `select before, after from audit_entry where entity_id = $1 and procedure = 'rates.setRestrictions'
       order by id desc limit 1`,
      [ratePlanId],
    );
    expect(entry).toEqual({
      before: {
        restrictions: [{ roomTypeId, from: '2026-05-02', until: '2026-05-04', restrictions: { ...none, minStay: 2 } }],
      },
      after: { restrictions: [nights('2026-05-02', '2026-05-09', { stopSell: true })] },
    });
  });
});

describe('what is refused', () => {
  it('names every failing field of every entry', async () => {
    const refusal = await refusalOf(
      setRestrictions([
        nights('2026-05-01', '2026-05-02', { minStay: 5, maxStay: 4, minAdvance: 3, maxAdvance: 2 }),
        nights('2026-05-01', '2026-05-02', {}),
        nights('2026-05-02', '2026-05-01', { minStay: 0, maxAdvance: -1 }),
      ]),
    );
    expect(refusal).toMatchObject({ httpStatus: 400, code: 'INVALID_INPUT' });
    expect(failingPaths(refusal)).toEqual([
      'entries.0.maxAdvance',
      'entries.0.maxStay',
      'entries.1',
      'entries.2.maxAdvance',
      'entries.2.minStay',
      'entries.2.until',
    ]);
  });

  it('is a limit that crosses the one already there, with all of the call', async () => {
    await setRestrictions([nights('2026-05-05', '2026-05-07', { maxStay: 3 })]);
    const crossing = [
      nights('2026-05-01', '2026-05-10', { minStay: 4 }),
      nights('2026-05-06', '2026-05-07', { maxStay: null }),
    ];
    expect(await refusalOf(setRestrictions(crossing))).toMatchObject({
      httpStatus: 422,
      code: 'CROSSED_LIMITS',
      details: { nights: [{ roomTypeId, night: '2026-05-05' }] },
    });
    expect((await calendar('2026-05-01', '2026-05-02'))[0]).toMatchObject({ minStay: null });
    const together = [nights('2026-05-01', '2026-05-10', { minStay: 4, maxStay: 8 })];
    expect(await setRestrictions(together)).toMatchObject({ changed: 9 });
  });

  it('is a room type of another property', async () => {
    const other = await createRoomType(tenant.client, (await createProperty(tenant.client)).id);
    const entry = { ...nights('2026-05-01', '2026-05-02', { stopSell: true }), roomTypeIds: [other.id] };
    expect(await refusalOf(setRestrictions([entry]))).toMatchObject({ httpStatus: 422, code: 'OTHER_PROPERTY' });
  });
});

describe('the rate calendar', () => {
  it('shows every night of the range, up to 400 of them', async () => {
    expect(await calendar('2026-05-01', '2027-06-05')).toHaveLength(400);
    const beyond = await refusalOf(calendar('2026-05-01', '2027-06-06'));
    expect(failingPaths(beyond)).toEqual(['until']);
    expect(failingPaths(await refusalOf(calendar('2026-05-01', '2026-05-01')))).toEqual(['until']);
    expect(failingPaths(await refusalOf(calendar('2026-13-01', 'soon')))).toEqual(['from', 'until']);
  });

  it('does not mix a plan with room types of another property', async () => {
    const other = await createRoomType(tenant.client, (await createProperty(tenant.client)).id);
    expect(await refusalOf(calendar('2026-05-01', '2026-05-02', ratePlanId, other.id))).toMatchObject({
      httpStatus: 404,
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../../src/kernel/dates.ts';
import { operatorOf } from '../../../src/kernel/principal.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { SMALL_CITY } from './antwerp.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
afterAll(() => app.close());

const generate = ({ tenantId }: TestTenant, properties: number, seed = 7) =>
  app.application.imports.generate(
    { principal: operatorOf(tenantId), scope: newScope(tenantId), requestId: 'generation-test' },
    { files: SMALL_CITY, properties, seed },
  );

const NIGHTS = `
  select p.external_ref, i.night, i.physical, i.blocked, rn.price, rn.min_stay, rn.max_stay
  from property p
  join room_type t on t.property_id = p.id
  join inventory_night i on i.room_type_id = t.id
  left join rate_night rn on rn.room_type_id = t.id and rn.night = i.night`;

/** All that a tenant has but for its ids. */
const dataOf = async ({ tenantId }: TestTenant) => {
  const rows = (text: string) => tenantRows<Record<string, unknown>>(app.database, tenantId, text);
  return {
    properties: await rows(`
      select p.external_ref, p.name, p.type, p.city, p.country, p.time_zone, p.currency, p.latitude, p.longitude, p.rating,
        p.review_count, p.price_from, t.max_occupancy, t.inventory_until
      from property p join room_type t on t.property_id = p.id order by p.external_ref`),
    nights: await rows(`${NIGHTS} order by p.external_ref, i.night`),
  };
};

describe('a generated data set', () => {
  it('is the same for the same seed, and another for another', async () => {
    const [one, same, other] = [await app.tenant('one'), await app.tenant('same'), await app.tenant('other')];
    expect(await generate(one, 45)).toMatchObject({ made: 45, unchanged: 0, cities: 40 });
    await generate(same, 45);
    await generate(other, 45, 8);
    const data = await dataOf(one);
    expect(data.properties).toHaveLength(45);
    expect(await dataOf(same)).toEqual(data);
    const prices = (of: typeof data) => of.nights.map(({ price }) => price);
    expect(prices(await dataOf(other))).not.toEqual(prices(data));
  });

  it('is added to by a larger number, and what is there stays as it is', async () => {
    const [grown, whole] = [await app.tenant('grown'), await app.tenant('whole')];
    await generate(grown, 12);
    expect(await generate(grown, 30)).toMatchObject({ made: 18, unchanged: 12 });
    expect(await generate(grown, 30)).toMatchObject({ made: 0, unchanged: 30 });
    await generate(whole, 30);
    expect(await dataOf(grown)).toEqual(await dataOf(whole));
  });

  it('can be searched by city, at the prices that a quote gives', async () => {
    const tenant = await app.tenant('searched');
    await generate(tenant, 120);
    const [free] = await tenantRows<{ city: string; arrival: string }>(
      app.database,
      tenant.tenantId,
      `select p.city, i.night::text as arrival from property p
       join room_type t on t.property_id = p.id
       join inventory_night i on i.room_type_id = t.id and i.blocked = 0
       join rate_night rn on rn.room_type_id = t.id and rn.night = i.night and rn.min_stay = 1
       where i.night >= '2026-03-03' and p.city <> 'Antwerp' order by i.night, p.id limit 1`,
    );
    if (!free) throw new Error('no night of the data set is free');
    const stay = { arrival: free.arrival, departure: addDays(free.arrival, 1) };
    const { items } = await tenant.client.availability.search.query({
      city: free.city,
      ...stay,
      rooms: [{ adults: 1 }],
    });
    const [hit] = items;
    if (!hit) throw new Error('the free night is not found');
    expect(items.every(({ city }) => city === free.city)).toBe(true);
    const { roomTypeId, ratePlanId, total } = hit;
    const quote = await tenant.client.bookings.quote.query({ lines: [{ roomTypeId, ratePlanId, ...stay, adults: 1 }] });
    expect(quote.lines[0]).toMatchObject({ total, obstacles: [] });
  });
});

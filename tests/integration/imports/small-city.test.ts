import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportReport } from '../../../src/features/imports/index.ts';
import { refreshAllPricesFrom } from '../../../src/features/rates/index.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { nightsOutOfStep } from '../../support/ledger-state.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { contentsOf, type Imported, importAs, importedListing } from './antwerp.ts';

let app: TestApp;
let tenant: TestTenant;
let report: ImportReport;
let loft: Imported;
let house: Imported;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('city');
  report = await importAs(app, tenant);
  loft = await importedListing(app, tenant, '101');
  house = await importedListing(app, tenant, '102');
});
afterAll(() => app.close());

const quote = async (what: Imported, arrival: string, departure: string) => {
  const { roomTypeId, ratePlanId } = what;
  const { lines } = await tenant.client.bookings.quote.query({
    lines: [{ roomTypeId, ratePlanId, arrival, departure, adults: 2 }],
  });
  const [line] = lines;
  if (!line) throw new Error('a quote has its line');
  return { total: line.total, obstacles: line.obstacles.map(({ code, restriction }) => restriction ?? code) };
};

describe('an import of a city', () => {
  it('takes or refuses every row and counts each once', () => {
    expect(report.listings).toEqual({ read: 12, taken: 4, refused: 8, written: 4, unchanged: 0 });
    expect(report.calendar).toEqual({ read: 49, taken: 33, refused: 16, written: 33, unchanged: 0 });
  });

  it('names every refused row by its line and the reason', () => {
    expect(report.refused.map(({ file, line, reason }) => `${file} ${line}: ${reason}`)).toEqual([
      'listings 5: latitude is not a number from -90 to 90',
      'listings 6: has the id of line 2',
      'listings 7: accommodates is not a whole number from 1 to 50',
      'listings 9: has 5 fields, not 17',
      'listings 10: id is not a number in digits',
      'listings 11: review_scores_rating is not a number from 0 to 5',
      'listings 12: name is missing',
      'listings 13: is not a row of a CSV file: its quotes do not match',
      'calendar 16: price is not an amount above zero',
      'calendar 23: repeats a night of its listing',
      'calendar 24: date is not a day',
      'calendar 25: available is neither t nor f',
      'calendar 26: price is missing',
      'calendar 27: price is not an amount above zero',
      'calendar 28: minimum_nights is not a whole number from 1 to 999',
      'calendar 29: minimum_nights is not a whole number from 1 to 999',
      'calendar 30: maximum_nights is not a whole number above zero',
      'calendar 31: minimum_nights lies above maximum_nights',
      'calendar 32: has not as many fields as the first line',
      'calendar 33: has not as many fields as the first line',
      'calendar 34: date lies 1096 days or more after the first of the file',
      'calendar 35: has no listing in the listings file',
      'calendar 36: its listing was refused',
      'calendar 50: stands apart from the other rows of its listing',
    ]);
  });

  it('makes a listing a property with one room type and one room', async () => {
    const shown = await tenant.client.properties.get.query({ propertyId: house.propertyId });
    expect(shown).toMatchObject({
      name: 'House with a "garden"\nand a yard, quiet',
      type: 'Entire home',
      city: 'Antwerp',
      country: 'BE',
      timeZone: 'Europe/Brussels',
      currency: 'USD',
      latitude: 51.1921,
      longitude: 4.4301,
      rating: null,
      reviewCount: 0,
      externalRef: '102',
      amenities: [],
      active: true,
    });
    const { items } = await tenant.client.roomTypes.list.query({ propertyId: house.propertyId });
    expect(items).toMatchObject([
      {
        name: 'Entire home/apt',
        description: 'Berchem, 3 bedrooms, 4 beds, 2 baths',
        maxAdults: 6,
        maxChildren: 6,
        maxOccupancy: 6,
        physicalRooms: 1,
      },
    ]);
    expect((await tenant.client.rooms.list.query({ propertyId: house.propertyId })).items).toHaveLength(1);
  });

  it('moves the dates by whole weeks, to start within the last seven days on the same weekday', () => {
    expect(report.dates).toEqual({ first: '2024-06-29', movedTo: '2026-02-28', movedByDays: 609 });
    expect((report.dates?.movedByDays ?? 1) % 7).toBe(0);
  });

  it('sells available nights at the price of the calendar, whatever the party', async () => {
    expect(await quote(loft, '2026-03-05', '2026-03-06')).toEqual({ total: 8500, obstacles: [] });
    expect(await quote(house, '2026-03-07', '2026-03-09')).toEqual({ total: 50000, obstacles: [] });
    const villa = await importedListing(app, tenant, '111');
    expect(await quote(villa, '2026-03-02', '2026-03-04')).toEqual({ total: 120250 + 120350, obstacles: [] });
  });

  it('sells no night that the calendar has as not available', async () => {
    expect(await quote(loft, '2026-03-02', '2026-03-05')).toMatchObject({ obstacles: ['SOLD_OUT', 'SOLD_OUT'] });
    expect(await quote(loft, '2026-03-08', '2026-03-11')).toMatchObject({ obstacles: ['SOLD_OUT'] });
    expect(await quote(house, '2026-03-03', '2026-03-04')).toMatchObject({ obstacles: ['NO_PRICE', 'SOLD_OUT'] });
  });

  it('sells no night whose row was refused or is not there', async () => {
    expect(await quote(loft, '2026-03-14', '2026-03-15')).toEqual({ total: null, obstacles: ['NO_PRICE'] });
    expect(await quote(house, '2026-03-10', '2026-03-11')).toEqual({ total: null, obstacles: ['NO_PRICE'] });
    const empty = await importedListing(app, tenant, '105');
    expect(await quote(empty, '2026-03-10', '2026-03-11')).toMatchObject({ total: null });
  });

  it('holds a stay to the limits of its arrival night, and takes a maximum above 999 nights for none', async () => {
    expect(await quote(loft, '2026-03-06', '2026-03-07')).toMatchObject({ obstacles: ['min_stay'] });
    expect(await quote(loft, '2026-03-05', '2026-03-07')).toMatchObject({ obstacles: [] });
    expect(await quote(loft, '2026-03-05', '2026-03-10')).toMatchObject({ obstacles: [] });
    expect(await quote(loft, '2026-03-05', '2026-03-11')).toMatchObject({ obstacles: ['max_stay', 'SOLD_OUT'] });
    const limits = await tenantRows(
      app.database,
      tenant.tenantId,
      `select night::text, min_stay, max_stay from rate_night
       where room_type_id = $1 and night in ('2026-03-06', '2026-03-07', '2026-03-21') order by night`,
      [loft.roomTypeId],
    );
    expect(limits).toEqual([
      { night: '2026-03-06', min_stay: 2, max_stay: 5 },
      { night: '2026-03-07', min_stay: 2, max_stay: null },
      { night: '2026-03-21', min_stay: 1, max_stay: null },
    ]);
  });

  it('makes one block of nights in a row that are not available, and the ledger agrees', async () => {
    const { items } = await tenant.client.inventory.blocks.query({ roomTypeId: loft.roomTypeId });
    expect(items.map(({ kind, from, until }) => ({ kind, from, until }))).toEqual([
      { kind: 'house_use', from: '2026-03-03', until: '2026-03-05' },
      { kind: 'house_use', from: '2026-03-10', until: '2026-03-11' },
    ]);
    expect(items[0]?.note).toContain('does not tell booked nights from blocked ones');
    expect(await nightsOutOfStep(app.database, tenant.tenantId)).toEqual([]);
  });

  it('opens the calendar’s nights and the whole horizon, and no night twice', async () => {
    const open = await tenantRows(
      app.database,
      tenant.tenantId,
      `select p.external_ref as ref, min(n.night)::text as first, count(*)::integer as nights, t.inventory_until::text as until
       from inventory_night n join room_type t on t.id = n.room_type_id join property p on p.id = t.property_id
       group by 1, 4 order by 1`,
    );
    expect(open).toEqual([
      { ref: '101', first: '2026-02-28', nights: 752, until: '2028-03-21' },
      { ref: '102', first: '2026-03-01', nights: 751, until: '2028-03-21' },
      { ref: '105', first: '2026-03-02', nights: 750, until: '2028-03-21' },
      { ref: '111', first: '2026-02-28', nights: 752, until: '2028-03-21' },
    ]);
  });

  it('leaves one audit entry a listing, as the operator’s', async () => {
    const entries = await tenantRows(
      app.database,
      tenant.tenantId,
      `select actor_kind, entity, after ->> 'externalRef' as ref, p.id = e.entity_id as same
       from audit_entry e left join property p on p.external_ref = e.after ->> 'externalRef'
       where procedure = 'imports.insideAirbnb' order by ref`,
    );
    expect(entries).toEqual(
      ['101', '102', '105', '111'].map((ref) => ({ actor_kind: 'operator', entity: 'property', ref, same: true })),
    );
  });

  it('shows each property’s lowest price from today on, as the rates reckon it', async () => {
    const { items } = await tenant.client.properties.list.query({});
    expect(Object.fromEntries(items.map(({ externalRef, priceFrom }) => [externalRef, priceFrom]))).toEqual({
      101: 8200,
      102: 25000,
      105: null,
      111: 120250,
    });
    expect(await refreshAllPricesFrom(app.application.database, app.clock)).toBe(0);
  });

  it('is found by a search at the price of the quote', async () => {
    const stay = { arrival: '2026-03-07', departure: '2026-03-09' };
    const { items } = await tenant.client.availability.search.query({
      ...stay,
      city: 'antwerp',
      rooms: [{ adults: 2 }],
    });
    expect(items.map(({ name, total }) => [name, total])).toEqual([
      ['Loft on the canal', (await quote(loft, stay.arrival, stay.departure)).total],
      ['House with a "garden"\nand a yard, quiet', 50000],
    ]);
  });

  it('renews the planner’s statistics', async () => {
    const [row] = await tenantRows(
      app.database,
      tenant.tenantId,
      `select count(*)::integer as stale from pg_class
       where relname in ('inventory_night', 'rate_night', 'property') and reltuples <= 0`,
    );
    expect(row).toEqual({ stale: 0 });
  });

  it('changes nothing when it is run again, and says so', async () => {
    const before = await contentsOf(app, tenant);
    const again = await importAs(app, tenant);
    expect(await contentsOf(app, tenant)).toEqual(before);
    expect(again.listings).toEqual({ read: 12, taken: 4, refused: 8, written: 0, unchanged: 4 });
    expect(again.calendar).toEqual({ read: 49, taken: 33, refused: 16, written: 0, unchanged: 33 });
    expect(again.refused).toEqual(report.refused);
  });
});

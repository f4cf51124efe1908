import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { fileBytes } from '../../../src/cli/import/files.ts';
import type { ImportInput, SourceFiles } from '../../../src/features/imports/index.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { nightsOutOfStep } from '../../support/ledger-state.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { contentsOf, importAs, textFiles } from './antwerp.ts';
import { madeUpCity } from './made-up-city.ts';

const LISTINGS = 100;
const NIGHTS = 40;

let app: TestApp;
let files: SourceFiles;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  const { listings, calendar } = madeUpCity(LISTINGS, NIGHTS, '2026-02-24');
  files = textFiles(listings, calendar);
});
afterAll(() => app.close());

const importAll = (tenant: TestTenant, input: Partial<ImportInput> = {}) =>
  importAs(app, tenant, { files, openHorizon: false, ...input });

const perListing = ({ tenantId }: TestTenant) =>
  tenantRows<{ ref: string; rates: number; nights: number; blocked: number }>(
    app.database,
    tenantId,
    `select p.external_ref as ref,
       (select count(*)::integer from rate_night r where r.room_type_id = t.id) as rates,
       (select count(*)::integer from inventory_night n where n.room_type_id = t.id) as nights,
       (select sum(blocked)::integer from inventory_night n where n.room_type_id = t.id) as blocked
     from property p join room_type t on t.property_id = p.id order by p.external_ref::integer`,
  );

const auditEntries = async ({ tenantId }: TestTenant) =>
  (await tenantRows(app.database, tenantId, `select from audit_entry where procedure = 'imports.insideAirbnb'`)).length;

describe('an import that breaks off', () => {
  it('leaves whole listings only, and the next run completes it as if it had never broken', async () => {
    const whole = await app.tenant('whole');
    await importAll(whole);

    const broken = await app.tenant('broken');
    const stopping = new AbortController();
    const onProgress = ({ listings }: { listings: number }) => {
      if (listings > 0) stopping.abort(new Error('the cable is out'));
    };
    const run = importAll(broken, { onProgress, signal: stopping.signal });
    await expect(run).rejects.toThrow('the cable is out');
    const after = await perListing(broken);
    expect(after.length).toBeGreaterThan(0);
    expect(after.length).toBeLessThan(LISTINGS);
    const expected = await perListing(whole);
    expect(expected).toHaveLength(LISTINGS);
    expect(after).toEqual(expected.filter(({ ref }) => after.some((row) => row.ref === ref)));

    const report = await importAll(broken);
    expect(report.listings).toMatchObject({
      taken: LISTINGS,
      written: LISTINGS - after.length,
      unchanged: after.length,
    });
    expect(report.calendar).toMatchObject({ taken: LISTINGS * NIGHTS, unchanged: after.length * NIGHTS });
    expect(await perListing(broken)).toEqual(expected);
    expect(await auditEntries(broken)).toBe(LISTINGS);
  });

  it('can run beside another one: each listing is made once', async () => {
    const tenant = await app.tenant('twins');
    const reports = await Promise.all([importAll(tenant), importAll(tenant)]);
    expect(await perListing(tenant)).toHaveLength(LISTINGS);
    expect(await auditEntries(tenant)).toBe(LISTINGS);
    expect(reports.reduce((made, { listings }) => made + listings.written, 0)).toBe(LISTINGS);
    expect(await nightsOutOfStep(app.database, tenant.tenantId)).toEqual([]);
  });
});

describe('a file that is none', () => {
  const { listings, calendar } = madeUpCity(3, 5, '2026-02-24');
  const packed = gzipSync(calendar);

  const onDisk = async (name: string, content: string | Buffer) => {
    const path = join(inject('runFolder'), name);
    await writeFile(path, content);
    return () => fileBytes(path);
  };

  it.each<[string, () => Promise<Partial<SourceFiles>>, RegExp]>([
    [
      'a cut calendar',
      async () => ({ calendar: await onDisk('cut.gz', packed.subarray(0, -9)) }),
      /cut.gz can't be read/,
    ],
    ['a missing calendar', async () => ({ calendar: () => fileBytes('/nowhere/calendar.csv') }), /can't be read/],
    ['an empty calendar', async () => ({ calendar: textFiles('', '').calendar }), /calendar file .* is empty/],
    ['empty listings', async () => ({ listings: textFiles('', '').listings }), /listings file .* is empty/],
    [
      'listings without places',
      async () => ({ listings: textFiles('id,name\n1,a', '').listings }),
      /lacks the columns property_type, room_type, latitude/,
    ],
    [
      'a calendar without dates',
      async () => ({ calendar: textFiles('', 'listing_id,price\n1,2').calendar }),
      /lacks the columns date, available/,
    ],
    [
      'listings with a quote left open',
      async () => ({ listings: textFiles(listings.replace('Listing 2', '"Listing 2'), '').listings }),
      /Quote Not Closed/,
    ],
    [
      'one endless line',
      async () => ({ calendar: textFiles('', 'x'.repeat(1_100_000)).calendar }),
      /line of more than/,
    ],
  ])('is refused before anything is written: %s', async (name, make, message) => {
    const tenant = await app.tenant(name.replaceAll(' ', '-'));
    const before = await contentsOf(app, tenant);
    const run = importAs(app, tenant, { files: { ...textFiles(listings, calendar), ...(await make()) } });
    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.toMatchObject({ code: 'UNREADABLE_FILE' });
    expect(await contentsOf(app, tenant)).toEqual(before);
  });

  it('is read packed or not', async () => {
    const tenant = await app.tenant('packed');
    const twin = { listings: await onDisk('l.gz', gzipSync(listings)), calendar: await onDisk('c.gz', packed) };
    expect((await importAs(app, tenant, { files: twin })).calendar).toMatchObject({ read: 15, written: 15 });
  });
});

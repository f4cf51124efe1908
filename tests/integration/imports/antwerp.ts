import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { ImportInput, ImportReport, SourceFiles } from '../../../src/features/imports/index.ts';
import { operatorOf } from '../../../src/kernel/principal.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import type { TestApp, TestTenant } from '../../support/app.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

const fixture = (name: string) => join(import.meta.dirname, '../../fixtures/inside-airbnb', name);

/** Four good listings among bad rows of every kind; their calendar begins on Saturday 2024-06-29. */
export const SMALL_CITY: SourceFiles = {
  listings: () => createReadStream(fixture('listings.csv')),
  calendar: () => createReadStream(fixture('calendar.csv')),
};

export const ANTWERP = {
  city: 'Antwerp',
  country: 'BE',
  timeZone: 'Europe/Brussels',
  currency: 'USD',
  dayStartsAt: '04:00',
};

export const importAs = (
  app: TestApp,
  { tenantId }: TestTenant,
  input: Partial<ImportInput> = {},
): Promise<ImportReport> =>
  app.application.imports.insideAirbnb(
    { principal: operatorOf(tenantId), scope: newScope(tenantId), requestId: 'import-test' },
    { files: SMALL_CITY, market: ANTWERP, shift: true, openHorizon: true, ...input },
  );

/** The text of files that are made up for a test. */
export const textFiles = (listings: string, calendar: string): SourceFiles => {
  const bytes = (text: string) =>
    async function* () {
      yield Buffer.from(text);
    };
  return { listings: bytes(listings), calendar: bytes(calendar) };
};

export interface Imported {
  propertyId: string;
  roomTypeId: string;
  ratePlanId: string;
}

/** What the listing with this id became. */
export const importedListing = async (
  app: TestApp,
  { tenantId }: TestTenant,
  externalRef: string,
): Promise<Imported> => {
  const [found] = await tenantRows<Imported>(
    app.database,
    tenantId,
    `select p.id as "propertyId", t.id as "roomTypeId", rp.id as "ratePlanId" from property p
     join room_type t on t.property_id = p.id join rate_plan rp on rp.property_id = p.id
     where p.external_ref = $1`,
    [externalRef],
  );
  if (!found) throw new Error(`the listing ${externalRef} is not there`);
  return found;
};

const TABLES = [
  'property',
  'room_type',
  'room',
  'rate_plan',
  'rate_night',
  'inventory_night',
  'room_stay',
  'audit_entry',
];

/** A fingerprint of all that the tenant has, by table. */
export const contentsOf = async (app: TestApp, { tenantId }: TestTenant): Promise<Record<string, string>> => {
  const contents: Record<string, string> = {};
  for (const table of TABLES) {
    const [row] = await tenantRows<{ digest: string }>(
      app.database,
      tenantId,
      `select count(*) || ' ' || coalesce(md5(string_agg(r::text, ';' order by r::text)), '') as digest from ${table} r`,
    );
    contents[table] = row?.digest ?? '';
  }
  return contents;
};

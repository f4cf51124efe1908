import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { importAs, textFiles } from './antwerp.ts';
import { madeUpCity } from './made-up-city.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
afterAll(() => app.close());

const cityFrom = (first: string) => {
  const { listings, calendar } = madeUpCity(1, 10, first);
  return textFiles(listings, calendar);
};

const stored = async ({ tenantId }: TestTenant) => {
  const [row] = await tenantRows(
    app.database,
    tenantId,
    `select (select min(night)::text from rate_night) as rates, (select count(*)::integer from inventory_night) as open,
       (select min(night)::text from inventory_night) as "from", (select inventory_until::text from room_type) as until`,
  );
  return row;
};

const rollHorizon = () =>
  app.application.tasks.find(({ name }) => name === 'roll-horizon')?.run(new AbortController().signal);

describe('without a shift', () => {
  it('a calendar keeps its dates, and the horizon is open beside it', async () => {
    const tenant = await app.tenant('kept');
    const { dates } = await importAs(app, tenant, { files: cityFrom('2024-06-29'), shift: false });
    expect(dates).toEqual({ first: '2024-06-29', movedTo: '2024-06-29', movedByDays: 0 });
    expect(await stored(tenant)).toEqual({ rates: '2024-06-29', from: '2024-06-29', open: 760, until: '2028-03-21' });
  });

  it('a calendar that begins after the horizon’s first night leaves no night between closed', async () => {
    const tenant = await app.tenant('later');
    await importAs(app, tenant, { files: cityFrom('2026-04-01'), shift: false });
    expect(await stored(tenant)).toEqual({ rates: '2026-04-01', from: '2026-03-02', open: 750, until: '2028-03-21' });
  });
});

describe('a horizon that is left to the server', () => {
  it.each([
    ['begins before today', '2026-02-27', 753, '2026-02-27'],
    ['is over', '2024-06-29', 760, '2024-06-29'],
    ['begins later', '2026-04-01', 750, '2026-03-02'],
  ])('is opened when it rolls on, where the calendar %s', async (name, first, open, from) => {
    const tenant = await app.tenant(`left-${name.replaceAll(' ', '-')}`);
    await importAs(app, tenant, { files: cityFrom(first), shift: false, openHorizon: false });
    expect(await stored(tenant)).toMatchObject({ from: first, open: 10 });
    await rollHorizon();
    expect(await stored(tenant)).toMatchObject({ from, open, until: '2028-03-21' });
  });
});

describe('the business date', () => {
  it('is the city’s, whose day begins at four in the morning', async () => {
    const early = await startApp({ settings: { DATABASE_REPLICA_URLS: '' }, instant: '2026-03-02T02:30:00.000Z' });
    try {
      const tenant = await early.tenant('early');
      const { dates } = await importAs(early, tenant, { files: cityFrom('2024-07-01') });
      expect(dates?.movedTo).toBe('2026-02-23');
    } finally {
      await early.close();
    }
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { checks } from '../../../src/features/verification/checks/index.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { databaseSettings, runCli } from '../../support/cli-process.ts';
import { createHotel, type Hotel, holdRoom } from '../../support/hotel.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

let app: TestApp;
let tenantId: string;
let hotel: Hotel;
beforeAll(async () => {
  app = await startApp();
  const tenant = await app.tenant('seaside');
  tenantId = tenant.tenantId;
  hotel = await createHotel(tenant.client);
  await holdRoom(tenant.client, hotel, '2026-05-01', '2026-05-03');
});
afterAll(() => app.close());

const verify = (...args: string[]) => runCli(['verify', ...args], databaseSettings(app.database));
const setSold = (sold: number) =>
  tenantRows(app.database, tenantId, `update inventory_night set sold = $1 where room_type_id = $2 and night = $3`, [
    ...[sold, hotel.roomTypeId, '2026-05-02'],
  ]);

it('innkeeper verify ends with status 0 when nothing is off, and tells programs so', async () => {
  const { status, stdout } = await verify('--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    clean: true,
    tenants: [
      {
        ...{ tenantId, slug: 'seaside', clean: true },
        examined: { nights: 750, bookings: 1, lines: 1, stays: 0, events: 5, guests: 1 },
        findings: checks.map(({ name, promise }) => ({ name, promise, found: 0, rows: [] })),
      },
    ],
  });
});

it('and with status 1 when something is, and shows what', async () => {
  await setSold(1);
  try {
    const { status, stdout } = await verify();
    expect(status).toBe(1);
    expect(stdout).toMatch(/^ {2}nights sold +1 +sold is the number/m);
    expect(stdout).toContain(`    night=2026-05-02 stored=1 counted=0 room_type_id=${hotel.roomTypeId}\n`);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('Something is off in seaside.');
  } finally {
    await setSold(0);
  }
});

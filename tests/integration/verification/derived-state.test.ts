import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bookingState, LINE_STATES, type LineState } from '../../../src/features/bookings/states.ts';
import { checks } from '../../../src/features/verification/checks/index.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { createHotel } from '../../support/hotel.ts';
import { asked, stay } from '../../support/stays.ts';
import { superuserUrl } from '../../support/superuser.ts';

let app: TestApp;
let superuser: pg.Client;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  const { tenantId, client } = await app.tenant('derived');
  const hotel = await createHotel(client, { physicalRooms: LINE_STATES.length });
  await client.bookings.create.mutate(asked(...LINE_STATES.map(() => stay(hotel, '2026-05-01', '2026-05-02'))));
  superuser = new pg.Client({ connectionString: superuserUrl(app.database) });
  await superuser.connect();
  await superuser.query(`select set_config('app.tenant', $1, false)`, [tenantId]);
});
afterAll(async () => {
  await superuser.end();
  await app.close();
});

/** Every choice of one state or more. */
const combinations: LineState[][] = Array.from({ length: 2 ** LINE_STATES.length - 1 }, (_, index) =>
  LINE_STATES.filter((_state, bit) => ((index + 1) >> bit) % 2 === 1),
);

it('the ledger, the policy and verify derive one and the same state from every combination of lines', async () => {
  const check = checks.find(({ name }) => name === 'booking states');
  const derived: (string | undefined)[] = [];
  const found: unknown[] = [];
  await superuser.query('begin');
  await superuser.query('alter table booking_line disable trigger all');
  await superuser.query(
    'alter table booking_line drop constraint booking_line_check2, drop constraint booking_line_check3',
  );
  for (const states of combinations) {
    await superuser.query(
      `update booking_line set state = ($1::text[])[1 + line_no % cardinality($1::text[])] where tenant_id = app.tenant()`,
      [states],
    );
    const { rows } = await superuser.query<{ state: string }>(
      'update booking set state = app.booking_state(id) where tenant_id = app.tenant() returning state',
    );
    derived.push(rows[0]?.state);
    found.push((await superuser.query(check?.offenders ?? '')).rows);
  }
  await superuser.query('rollback');
  expect(derived).toEqual(combinations.map(bookingState));
  expect(found).toEqual(combinations.map(() => []));
});

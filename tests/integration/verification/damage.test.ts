import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checks } from '../../../src/features/verification/checks/index.ts';
import { verifyTenant } from '../../../src/features/verification/index.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { superuserUrl } from '../../support/postgres.ts';
import { damageIn } from '../../support/verify.ts';
import { createLivedInHotel } from './lived-in-hotel.ts';

let app: TestApp;
let superuser: pg.Client;
let tenants = 0;

const DROP_CONSTRAINTS = `
  do $$ declare c record; begin
    for c in select conrelid::regclass as target, conname from pg_constraint
      where contype in ('c', 'x') and connamespace = 'public'::regnamespace
    loop execute format('alter table %s drop constraint %I', c.target, c.conname); end loop;
  end $$`;

beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' }, verified: false });
  superuser = new pg.Client({ connectionString: superuserUrl(app.database) });
  await superuser.connect();
  await superuser.query(DROP_CONSTRAINTS);
  await superuser.query('set session_replication_role = replica');
});
afterAll(async () => {
  await superuser.end();
  await app.close();
});

/** What verify finds in a hotel of its own after the damage, by check. */
const afterDamage = async (damage: string[]) => {
  tenants += 1;
  const { tenantId, client } = await app.tenant(`damaged-${tenants}`);
  await createLivedInHotel(client);
  await superuser.query(`select set_config('app.tenant', $1, false)`, [tenantId]);
  for (const statement of damage) {
    const { rowCount } = await superuser.query(statement);
    expect(rowCount, statement).toBeGreaterThan(0);
  }
  return damageIn([await verifyTenant(app.application.database, newScope(tenantId))]);
};

const ofTenant = 'tenant_id = app.tenant()';
const aLine = (state: string) =>
  `id = (select id from booking_line where ${ofTenant} and state = '${state}' order by booking_id, line_no limit 1)`;
const aNight = `night = '2026-03-02' and ${ofTenant}`;
const aBooking = `id = (select id from booking where ${ofTenant} and state = 'confirmed')`;
const blockedRoom = `(select room_id from room_stay where ${ofTenant} and kind <> 'stay')`;
const unknown = `'00000000-0000-7000-8000-000000000000'`;
const setLine = (state: string, change: string) =>
  `update booking_line set ${change} where ${ofTenant} and ${aLine(state)}`;

const DAMAGE: [string, string[], string[]][] = [
  ['nothing', [], []],
  ['one held too many', [`update inventory_night set held = held + 1 where ${aNight}`], ['nights held']],
  ['one held too few', [`update inventory_night set held = held - 1 where ${aNight}`], ['nights held']],
  [
    'held on a night that nobody asked for',
    [`update inventory_night set held = 1 where ${ofTenant} and night = '2026-07-01'`],
    ['nights held'],
  ],
  ['one sold too many', [`update inventory_night set sold = sold + 1 where ${aNight}`], ['nights sold']],
  ['one sold too few', [`update inventory_night set sold = sold - 1 where ${aNight}`], ['nights sold']],
  ['one blocked too many', [`update inventory_night set blocked = 1 where ${aNight}`], ['nights blocked']],
  [
    'a block whose nights are free',
    [`update inventory_night set blocked = 0 where ${ofTenant} and night = '2026-04-03'`],
    ['nights blocked'],
  ],
  [
    'a sold night without a row',
    [`delete from inventory_night where ${ofTenant} and night = '2026-03-03'`],
    ['nights held', 'nights sold', 'nights open'],
  ],
  [
    'a blocked night without a row',
    [`delete from inventory_night where ${ofTenant} and night = '2026-04-01'`],
    ['nights blocked', 'nights open'],
  ],
  ['fewer rooms than sold', [`update inventory_night set physical = 2 where ${aNight}`], ['capacity']],
  ['a negative counter', [`update inventory_night set overbooking = -1 where ${aNight}`], ['capacity']],
  [
    'two guests in one room',
    [
      `update room_stay set room_id = (select id from room where ${ofTenant} and number = '102') where ${ofTenant} and kind = 'stay'`,
    ],
    ['rooms taken once'],
  ],
  [
    'a guest in a blocked room',
    [
      `update room_stay set during = '[2026-03-04,2026-03-07)' where ${ofTenant} and kind <> 'stay'`,
      `update room_stay set room_id = ${blockedRoom} where ${ofTenant} and kind = 'stay' and upper(during) = '2026-03-05'`,
    ],
    ['nights blocked', 'rooms taken once'],
  ],
  [
    'a room for longer than its line counts',
    [
      `update room_stay set during = '[2026-03-02,2026-03-06)' where ${ofTenant} and kind = 'stay' and upper(during) = '2026-03-05'`,
    ],
    ['stays in rooms'],
  ],
  [
    'a room for a guest who has left',
    [
      `update room_stay s set line_id = l.id from booking_line l where s.${ofTenant} and s.kind = 'stay'
       and upper(s.during) = '2026-03-05' and l.tenant_id = s.tenant_id and l.state = 'checked_out'`,
    ],
    ['stays in rooms'],
  ],
  [
    'a room for somebody who has not come',
    [
      `update room_stay set line_id = (select id from booking_line where ${ofTenant} and state = 'confirmed')
     where ${ofTenant} and kind = 'stay' and upper(during) = '2026-03-04'`,
    ],
    ['stays in rooms'],
  ],
  [
    'a guest without a line',
    [`update room_stay set line_id = ${unknown} where ${ofTenant} and line_id is not null`],
    ['stays in rooms'],
  ],
  [
    'a block that names a line',
    [
      `update room_stay set line_id = ${unknown} where ${ofTenant} and kind = 'stay' and upper(during) = '2026-03-04'`,
      `update room_stay set kind = 'house_use' where ${ofTenant} and line_id = ${unknown}`,
      `update inventory_night set blocked = 1 where ${ofTenant} and night in ('2026-03-02', '2026-03-03')`,
      `update room_stay set line_id = (select id from booking_line where ${ofTenant} and state = 'checked_in' limit 1)
     where ${ofTenant} and line_id = ${unknown}`,
    ],
    ['stays in rooms'],
  ],
  [
    'a room moved to another type',
    [`update room set room_type_id = ${unknown} where ${ofTenant} and number = '103'`],
    ['rooms of their type', 'orphans'],
  ],
  [
    'a booking state that its lines do not have',
    [`update booking set state = 'cancelled' where ${ofTenant} and state = 'confirmed'`],
    ['booking states'],
  ],
  [
    'a booking whose lines went on without it',
    [`update booking_line set state = 'checked_in' where ${ofTenant} and state = 'no_show'`],
    ['booking states', 'line totals', 'last events', 'states announced'],
  ],
  [
    'a booking without lines',
    [`delete from booking_line where ${ofTenant} and state = 'cancelled'`],
    ['booking states', 'booking sums', 'last events'],
  ],
  [
    'a total of a booking',
    [`update booking set total = total + 1 where ${ofTenant} and ${aBooking}`],
    ['booking sums'],
  ],
  [
    'an arrival of a booking',
    [`update booking set arrival = arrival - 1 where ${ofTenant} and ${aBooking}`],
    ['booking sums'],
  ],
  [
    'a departure of a booking',
    [`update booking set departure = departure + 1 where ${ofTenant} and ${aBooking}`],
    ['booking sums'],
  ],
  [
    'a line number left out',
    [`update booking_line set line_no = 7 where ${ofTenant} and state = 'confirmed'`],
    ['booking sums'],
  ],
  [
    'an expiry of a booking that is not held',
    [`update booking set hold_expires_at = created_at where ${ofTenant} and ${aBooking}`],
    ['hold expiry'],
  ],
  [
    'a hold that never ends',
    [`update booking set hold_expires_at = null where ${ofTenant} and state = 'held'`],
    ['hold expiry'],
  ],
  ['a held line that never ends', [setLine('held', 'hold_expires_at = null')], ['hold expiry']],
  [
    'an expiry of a line that is not held',
    [setLine('checked_in', `hold_expires_at = '2026-03-02T12:00:00Z'`)],
    ['hold expiry'],
  ],
  [
    'a confirmed line that counts fewer nights',
    [
      setLine('confirmed', 'counted_until = arrival + 1'),
      `update inventory_night set sold = sold - 1 where ${ofTenant} and night = '2026-03-03'`,
    ],
    ['counted nights'],
  ],
  ['a cancelled line that counts nights', [setLine('cancelled', 'counted_until = departure')], ['counted nights']],
  [
    'a used line that counts more than its stay',
    [
      setLine('no_show', 'counted_until = departure + 1'),
      `update inventory_night set sold = sold + 1 where ${ofTenant} and night = '2026-03-04'`,
    ],
    ['counted nights'],
  ],
  [
    "another property's plan",
    [
      `insert into property select (p).* from (select jsonb_populate_record(p, jsonb_build_object('id', ${unknown})) as p from property p where ${ofTenant}) x`,
      `update rate_plan set property_id = ${unknown} where ${ofTenant}`,
    ],
    ['one property'],
  ],
  ['a night that is not priced', [setLine('confirmed', 'nights = nights - 0')], ['prices by night']],
  [
    'nights priced out of order',
    [setLine('confirmed', 'nights = jsonb_build_array(nights -> 1, nights -> 0)')],
    ['prices by night'],
  ],
  [
    'prices that do not add up',
    [setLine('confirmed', `nights = jsonb_set(nights, '{0,price}', '10001')`)],
    ['prices by night'],
  ],
  [
    'prices that are none',
    [setLine('confirmed', `nights = jsonb_set(nights, '{0,price}', '"free"')`)],
    ['prices by night'],
  ],
  ['no list of nights at all', [setLine('confirmed', `nights = '{}'`)], ['prices by night']],
  [
    'a tax that is not in the total',
    [setLine('confirmed', `taxes = jsonb_set(taxes, '{0,amount}', '1')`)],
    ['line totals'],
  ],
  [
    'an included tax that is',
    [setLine('confirmed', `taxes = jsonb_set(taxes, '{0,included}', 'true')`)],
    ['line totals'],
  ],
  ['a fee above the total', [setLine('cancelled', 'fee = total + 1')], ['line totals']],
  ['a fee for a good guest', [setLine('checked_in', 'fee = 1')], ['line totals']],
  [
    'a gap in the events',
    [`delete from event where ${ofTenant} and type = 'booking.checked_in'`],
    ['event numbers', 'states announced'],
  ],
  [
    'a booking that nobody announced',
    [
      `delete from event e using booking b where e.${ofTenant} and b.tenant_id = e.tenant_id and b.id = e.booking_id and b.state = 'confirmed'`,
    ],
    ['event numbers', 'states announced'],
  ],
  [
    'an event that a booking does not know of',
    [`update booking set event_seq = event_seq - 1 where ${ofTenant} and ${aBooking}`],
    ['event numbers'],
  ],
  [
    'an event before its predecessor',
    [`update event set txid = '3' where ${ofTenant} and type = 'booking.checked_in'`],
    ['event order'],
  ],
  [
    'a horizon that fell behind',
    [`update booking set event_txid = '3' where ${ofTenant} and ${aBooking}`],
    ['event order'],
  ],
  [
    'a last event of another state',
    [`update event set type = 'booking.no_show' where ${ofTenant} and type = 'booking.held'`],
    ['last events', 'states announced'],
  ],
  [
    'lines without a booking',
    [`update booking_line set booking_id = ${unknown} where ${ofTenant} and state = 'cancelled'`],
    ['booking states', 'booking sums', 'one property', 'last events', 'states announced', 'orphans'],
  ],
  [
    'a booker who is gone',
    [`update booking set booker_id = ${unknown} where ${ofTenant} and ${aBooking}`],
    ['orphans'],
  ],
  ['a guest without a key', [`delete from guest_key where ${ofTenant}`], ['guest keys']],
  ['an erased guest with a key', [`update guest set erased_at = created_at where ${ofTenant}`], ['guest keys']],
  [
    'an answer for a guest who is gone',
    [`update idempotency_key set guest_id = ${unknown} where ${ofTenant} and guest_id is not null`],
    ['stored answers'],
  ],
  [
    'an audit entry that is sealed for nobody',
    [`update audit_entry set guest_id = null where ${ofTenant} and sealed is not null`],
    ['audit entries'],
  ],
  [
    'an audit entry for a guest who is gone',
    [`update audit_entry set guest_id = ${unknown} where ${ofTenant} and sealed is not null`],
    ['audit entries'],
  ],
  [
    'a change without an audit entry',
    [`delete from audit_entry where ${ofTenant} and procedure = 'bookings.checkIn'`],
    ['audited bookings'],
  ],
];

it.each(DAMAGE)('verify finds %s', async (_what, damage, expected) => {
  expect(Object.keys(await afterDamage(damage)).sort()).toEqual(expected.toSorted());
});

it('every check is shown to find something', () => {
  const shown = new Set(DAMAGE.flatMap(([, , expected]) => expected));
  expect(checks.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
});

it('answers ids and numbers of up to 20 rows, and how many there are', async () => {
  const { tenantId, client } = await app.tenant('bounded');
  await createLivedInHotel(client);
  await superuser.query(
    `update inventory_night set blocked = blocked + 1 where tenant_id = $1 and night >= '2026-05-01'`,
    [tenantId],
  );
  const { clean, examined, findings } = await verifyTenant(app.application.database, newScope(tenantId));
  const off = findings.find(({ found }) => found > 0);
  expect(clean).toBe(false);
  expect(examined).toEqual({ nights: 750, bookings: 5, lines: 8, stays: 3, events: 9, guests: 5 });
  expect(off).toMatchObject({ name: 'nights blocked', found: 750 - 60 });
  expect(off?.rows).toHaveLength(20);
  expect(Object.keys(off?.rows[0] ?? {}).sort()).toEqual(['counted', 'night', 'room_type_id', 'stored']);
});

import { aBooking, type Damage, ofTenant, setLine, unknown } from './statements.ts';

/** Damage to bookings and their lines. */
export const bookingDamage: Damage[] = [
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
];

import { aBooking, type Damage, ofTenant } from './statements.ts';

/** Damage to events. */
export const eventDamage: Damage[] = [
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
];

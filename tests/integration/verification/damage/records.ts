import { aBooking, type Damage, ofTenant, unknown } from './statements.ts';

/** Damage to what lies beside bookings and guests. */
export const recordDamage: Damage[] = [
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

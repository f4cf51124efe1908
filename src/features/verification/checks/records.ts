import type { Check } from '../check.ts';

/** Rows of `child` whose `parent` is gone. */
const orphans = (child: string, column: string, parent: string): string => `
  select '${child}' as "table", '${column}' as "column", c.${column}::text as missing, count(*)::integer as rows
  from ${child} c
  where c.tenant_id = app.tenant() and c.${column} is not null
    and not exists (select from ${parent} p where p.tenant_id = app.tenant() and p.id = c.${column})
  group by c.${column}`;

/** What must lie beside guests and bookings. */
export const recordChecks: Check[] = [
  {
    name: 'orphans',
    promise: 'what a row of the ledger or a booking belongs to is there',
    offenders: [
      orphans('booking', 'property_id', 'property'),
      orphans('booking', 'booker_id', 'guest'),
      orphans('booking_line', 'booking_id', 'booking'),
      orphans('inventory_night', 'room_type_id', 'room_type'),
      orphans('rate_night', 'room_type_id', 'room_type'),
      orphans('rate_night', 'rate_plan_id', 'rate_plan'),
      orphans('room', 'room_type_id', 'room_type'),
      orphans('room_type', 'property_id', 'property'),
      orphans('rate_plan', 'property_id', 'property'),
      orphans('event', 'booking_id', 'booking'),
      orphans('guest_key', 'guest_id', 'guest'),
    ].join(' union all '),
  },
  {
    name: 'guest keys',
    promise: 'a guest has a key unless it was erased',
    offenders: `
      select g.id, g.erased_at, k.guest_id is not null as has_key
      from guest g
      left join guest_key k on k.tenant_id = app.tenant() and k.guest_id = g.id
      where g.tenant_id = app.tenant() and (g.erased_at is null) <> (k.guest_id is not null)`,
  },
  {
    name: 'stored answers',
    promise: 'an answer that is kept for retries is sealed for a guest that exists, or for none',
    offenders: `
      select i.procedure, i.guest_id, i.expires_at
      from idempotency_key i
      where i.tenant_id = app.tenant() and i.guest_id is not null
        and not exists (select from guest g where g.tenant_id = app.tenant() and g.id = i.guest_id)`,
  },
  {
    name: 'audit entries',
    promise: 'personal fields of an audit entry are sealed for a guest that exists',
    offenders: `
      select a.id, a.procedure, a.guest_id
      from audit_entry a
      where a.tenant_id = app.tenant() and (a.guest_id is null) <> (a.sealed is null)
      union all
      select a.id, a.procedure, a.guest_id
      from audit_entry a
      where a.tenant_id = app.tenant() and a.guest_id is not null
        and not exists (select from guest g where g.tenant_id = app.tenant() and g.id = a.guest_id)`,
  },
  {
    name: 'audited bookings',
    promise: 'every change of a booking that somebody made has its audit entry, as long as those are kept',
    offenders: `
      select e.booking_id, e.changes, coalesce(a.entries, 0) as entries
      from (
        select booking_id, count(*) as changes from event
        where tenant_id = app.tenant() and booking_id is not null and type <> 'booking.expired'
          and at >= (select min(at) from audit_entry where tenant_id = app.tenant())
        group by booking_id
      ) e
      left join (
        select entity_id, count(*) as entries from audit_entry
        where tenant_id = app.tenant() and entity = 'booking' group by entity_id
      ) a on a.entity_id = e.booking_id
      where coalesce(a.entries, 0) < e.changes`,
  },
];

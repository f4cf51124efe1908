import type { Check } from '../check.ts';

/** Bookings against their lines. */
export const bookingChecks: Check[] = [
  {
    name: 'booking states',
    promise: "a booking's state follows from those of its lines",
    offenders: `
      select b.id, b.state, (array['checked_in', 'held', 'confirmed', 'checked_out', 'no_show', 'cancelled', 'expired'])
        [l.foremost] as derived
      from booking b
      left join (
        select booking_id, min(array_position(
          array['checked_in', 'held', 'confirmed', 'checked_out', 'no_show', 'cancelled', 'expired'], state)) as foremost
        from booking_line where tenant_id = app.tenant() group by booking_id
      ) l on l.booking_id = b.id
      where b.tenant_id = app.tenant() and l.foremost is distinct from array_position(
        array['checked_in', 'held', 'confirmed', 'checked_out', 'no_show', 'cancelled', 'expired'], b.state)`,
  },
  {
    name: 'booking sums',
    promise: "a booking's dates and total are those of its lines, which are numbered from 1",
    offenders: `
      select b.id, b.arrival, b.departure, b.total, l.arrival as first_arrival, l.departure as last_departure,
        l.total as sum_of_lines, l.lines, l.last_line
      from booking b
      left join (
        select booking_id, min(arrival) as arrival, max(departure) as departure, sum(total) as total,
          count(*) as lines, max(line_no) as last_line
        from booking_line where tenant_id = app.tenant() group by booking_id
      ) l on l.booking_id = b.id
      where b.tenant_id = app.tenant()
        and (b.arrival, b.departure, b.total, l.last_line) is distinct from (l.arrival, l.departure, l.total, l.lines)`,
  },
  {
    name: 'hold expiry',
    promise: 'a line has an expiry exactly while it is held, and its booking the same one',
    offenders: `
      select b.id, b.hold_expires_at, l.earliest, l.latest
      from booking b
      left join (
        select booking_id, min(hold_expires_at) as earliest, max(hold_expires_at) as latest,
          bool_or((state = 'held') <> (hold_expires_at is not null)) as odd
        from booking_line where tenant_id = app.tenant() group by booking_id
      ) l on l.booking_id = b.id
      where b.tenant_id = app.tenant() and (l.odd
        or (b.hold_expires_at, b.hold_expires_at) is distinct from (l.earliest, l.latest))`,
  },
  {
    name: 'counted nights',
    promise:
      'a line counts nights of its own stay, all while it is held, confirmed or checked in, none once given back',
    offenders: `
      select id, state, arrival, departure, counted_until
      from booking_line
      where tenant_id = app.tenant() and (departure <= arrival or not case
        when state in ('held', 'confirmed', 'checked_in') then counted_until = departure
        when state in ('expired', 'cancelled') then counted_until = arrival
        else counted_until between arrival and departure end)`,
  },
  {
    name: 'one property',
    promise: "room types and plans of a booking's lines are its property's",
    offenders: `
      select l.id, l.booking_id
      from booking_line l
      left join booking b on b.tenant_id = app.tenant() and b.id = l.booking_id
      left join room_type t on t.tenant_id = app.tenant() and t.id = l.room_type_id
      left join rate_plan rp on rp.tenant_id = app.tenant() and rp.id = l.rate_plan_id
      where l.tenant_id = app.tenant()
        and (t.property_id is distinct from b.property_id or rp.property_id is distinct from b.property_id)`,
  },
];

import type { Check } from '../check.ts';

/** Stays and blocks that begin before an earlier one of the same `column` has ended. */
const overlapping = (column: string): string => `
  select id, ${column}, "from", until, taken_until
  from (
    select id, ${column}, lower(during) as "from", upper(during) as until, max(upper(during)) over (
      partition by ${column} order by lower(during), id rows between unbounded preceding and 1 preceding
    ) as taken_until
    from room_stay where tenant_id = app.tenant() and ${column} is not null
  ) s
  where "from" < taken_until`;

/** Stays and blocks of rooms. */
export const roomChecks: Check[] = [
  {
    name: 'rooms taken once',
    promise: 'no two stays or blocks of one room overlap',
    offenders: overlapping('room_id'),
  },
  {
    name: 'one room a line',
    promise: 'no line is in two rooms on one night',
    offenders: overlapping('line_id'),
  },
  {
    name: 'stays in rooms',
    promise: 'a guest in a room has a used line of that room type, which counts all nights of it',
    offenders: `
      select s.id, s.line_id, l.state, lower(s.during) as "from", upper(s.during) as until, l.arrival, l.counted_until
      from room_stay s
      left join booking_line l on l.tenant_id = app.tenant() and l.id = s.line_id
      where s.tenant_id = app.tenant() and (s.kind = 'stay') is distinct from (
        coalesce(l.state in ('checked_in', 'checked_out') and l.room_type_id = s.room_type_id
          and lower(s.during) >= l.arrival and upper(s.during) <= l.counted_until, false))`,
  },
  {
    name: 'rooms of their type',
    promise: 'stays and blocks are counted under the type of their room, in its property',
    offenders: `
      select s.id, s.room_id, s.room_type_id, r.room_type_id as type_of_room
      from room_stay s
      left join room r on r.tenant_id = app.tenant() and r.id = s.room_id
      left join room_type t on t.tenant_id = app.tenant() and t.id = s.room_type_id
      where s.tenant_id = app.tenant()
        and (r.room_type_id is distinct from s.room_type_id or r.property_id is distinct from t.property_id)`,
  },
];

import type { Check } from '../check.ts';

/** The elements of a json column that should be an array, so that damage is found instead of failing the statement. */
const elements = (column: string): string =>
  `jsonb_array_elements(case when jsonb_typeof(${column}) = 'array' then ${column} else '[]' end)`;

const amount = (element: string, field: string): string =>
  `(case when jsonb_typeof(${element} -> '${field}') = 'number' then (${element} -> '${field}')::numeric end)`;

/** Prices as sold, in minor units. */
export const priceChecks: Check[] = [
  {
    name: 'prices by night',
    promise: 'a line is priced for exactly the nights of its stay, which add up to its room charge',
    offenders: `
      select l.id, l.arrival, l.departure, l.room_charge, n.nights, n.charge
      from booking_line l
      cross join lateral (
        select count(*) as nights, sum(${amount('e.night', 'price')} + ${amount('e.night', 'extras')}) as charge,
          bool_and(e.night ->> 'night' = to_char(l.arrival + e.position::integer - 1, 'YYYY-MM-DD')) as in_order
        from ${elements('l.nights')} with ordinality as e (night, position)
      ) n
      where l.tenant_id = app.tenant()
        and (n.nights, n.charge, n.in_order) is distinct from (l.departure - l.arrival, l.room_charge, true)`,
  },
  {
    name: 'line totals',
    promise: "a line's total is its room charge and the taxes added to it; a fee is at most that",
    offenders: `
      select l.id, l.state, l.room_charge, t.added, l.total, l.fee
      from booking_line l
      cross join lateral (
        select coalesce(sum(${amount('e.tax', 'amount')}), 0) as added
        from ${elements('l.taxes')} as e (tax) where e.tax -> 'included' = 'false'
      ) t
      where l.tenant_id = app.tenant() and (l.total <> l.room_charge + t.added
        or l.fee < 0 or l.fee > l.total or l.fee <> 0 and l.state not in ('cancelled', 'no_show'))`,
  },
];

import { sql } from 'kysely';

const FIELDS = [
  ['stopSell', 'stop_sell', 'boolean'],
  ['closedToArrival', 'closed_to_arrival', 'boolean'],
  ['closedToDeparture', 'closed_to_departure', 'boolean'],
  ['minStay', 'min_stay', 'smallint'],
  ['maxStay', 'max_stay', 'smallint'],
  ['minAdvance', 'min_advance', 'smallint'],
  ['maxAdvance', 'max_advance', 'smallint'],
] as const;

const none = (type: 'boolean' | 'smallint') => (type === 'boolean' ? sql`false` : sql`null::smallint`);

/** The restriction columns of `rate_night` in one order, optionally of a table. */
export const restrictionColumns = (table?: string) =>
  sql.join(FIELDS.map(([, column]) => sql.ref(table ? `${table}.${column}` : column)));

/** `stop_sell = excluded.stop_sell, ...` */
export const restrictionAssignments = sql.join(
  FIELDS.map(([, column]) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`),
);

/** The columns' new values: what `given` (jsonb) names, null clearing it, else what the row `n`, if any, has. */
export const restrictionValues = sql.join(
  FIELDS.map(([field, column, type]) => {
    const kept = sql`coalesce(n.${sql.ref(column)}, ${none(type)})`;
    const named = sql`coalesce((given ->> ${sql.lit(field)})::${sql.raw(type)}, ${none(type)})`;
    return sql`case when given ? ${sql.lit(field)} then ${named} else ${kept} end`;
  }),
);

/** The row `n` as the API names it. */
export const restrictionsAsJson = sql`jsonb_build_object(${sql.join(
  FIELDS.flatMap(([field, column]) => [sql.lit(field), sql`n.${sql.ref(column)}`]),
)})`;

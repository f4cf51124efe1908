import { type RawBuilder, sql } from 'kysely';
import { addDays, type LocalDate } from '../../kernel/dates.ts';
import { foldEmail, foldPhone, foldText } from '../../kernel/folding.ts';
import { TOTAL_CAP } from '../../kernel/totals.ts';
import type { ListInput } from './schemas.ts';

type Condition = RawBuilder<unknown>;

/** Stays longer than this many nights have an index of their own, booking_long_stay. */
const LONG_STAY = 31;

/** Nobody books a stay whose arrival lies before the business date, wherever on Earth: one that begins before `date` was made before this. */
const madeBefore = (date: LocalDate): Condition => sql`b.created_at < ${`${addDays(date, 2)}T00:00:00Z`}::timestamptz`;

const conditions = (input: ListInput): Condition[] => [
  sql`b.tenant_id = app.tenant()`,
  ...(input.propertyId ? [sql`b.property_id = ${input.propertyId}`] : []),
  ...(input.userId ? [sql`b.user_id = ${input.userId}`] : []),
  ...(input.guestId ? [sql`b.booker_id = ${input.guestId}`] : []),
  ...(input.states ? [sql`b.state = any (${input.states}::text[])`] : []),
  ...(input.arrivalFrom ? [sql`b.arrival >= ${input.arrivalFrom}`] : []),
  ...(input.arrivalUntil ? [sql`b.arrival < ${input.arrivalUntil}`, madeBefore(input.arrivalUntil)] : []),
  ...(input.stayFrom ? [sql`b.departure > ${input.stayFrom}`] : []),
  ...(input.stayUntil ? [sql`b.arrival < ${input.stayUntil}`, madeBefore(input.stayUntil)] : []),
  ...(input.channel ? [sql`b.channel = ${input.channel}`] : []),
  ...(input.externalRef ? [sql`b.external_ref = ${input.externalRef}`] : []),
];

/** One of several conditions, any of which makes booking `b` match. */
interface Way {
  condition: Condition;
  /** So few that all are read and sorted; in the order of the list the planner would look for them among all others. */
  few?: boolean;
}

const bookedBy = (guest: Condition): Way => ({
  condition: sql`b.booker_id in (select id from guest where tenant_id = app.tenant() and ${guest})`,
});

/** Each way in which `text` can name a booking. */
const waysToName = (text: string): Way[] => {
  const name = foldText(text);
  const digits = foldPhone(text);
  return [
    { condition: sql`b.code = ${text.toUpperCase()}` },
    { condition: sql`b.external_ref = ${text}` },
    bookedBy(sql`email_key = ${foldEmail(text)}`),
    ...(digits.length >= 6 ? [bookedBy(sql`phone_key = ${digits}`)] : []),
    ...(name ? [bookedBy(sql`name_key >= ${name} and name_key < ${`${name}\u{10ffff}`}`)] : []),
  ];
};

/** Stays that touch `from` or begin later: the few that can have begun long before are looked for by themselves. */
const waysToTouch = (from: LocalDate): Way[] => {
  const longBefore = addDays(from, -LONG_STAY);
  const long = sql`b.arrival <= ${longBefore} and b.departure - b.arrival > ${sql.lit(LONG_STAY)}`;
  return [{ condition: sql`b.arrival > ${longBefore}` }, { condition: long, few: true }];
};

const waysToMatch = (input: ListInput): Way[] => {
  if (input.text) return waysToName(input.text);
  if (input.stayFrom) return waysToTouch(input.stayFrom);
  if (input.states) return [...new Set(input.states)].map((state) => ({ condition: sql`b.state = ${state}` }));
  return [{ condition: sql`true` }];
};

const newestFirst = sql`order by b.created_at desc, b.id desc`;

/**
 * The page's rows and one more, newest first, as a table expression: `after` is the last row's instant and id. Each way
 * to match is planned, and finds its index, by itself.
 */
export const pageRows = (input: ListInput, after: readonly [string, string] | null): RawBuilder<unknown> => {
  const wanted = sql.join(conditions(input), sql` and `);
  const older = after ? sql`and (b.created_at, b.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``;
  const page = sql`${newestFirst} limit ${input.limit + 1}`;
  const ways = waysToMatch(input).map(
    ({ condition, few }) =>
      sql`(select * from booking b where ${wanted} and ${condition} ${older} ${few ? sql`` : page})`,
  );
  if (ways.length === 1) return ways[0] ?? sql``;
  return sql`(select distinct on (b.created_at, b.id) * from (${sql.join(ways, sql` union all `)}) b ${page})`;
};

/** How many match, as a scalar; counting stops beyond TOTAL_CAP. */
export const matchCount = (input: ListInput): RawBuilder<unknown> => {
  const wanted = sql.join(conditions(input), sql` and `);
  const limit = sql`limit ${TOTAL_CAP + 1}`;
  const ways = waysToMatch(input).map(
    ({ condition }) => sql`(select b.id from booking b where ${wanted} and ${condition} ${limit})`,
  );
  return sql`(select count(*) from (select from (${sql.join(ways, sql` union `)}) m ${limit}) counted)`;
};

import { sql } from 'kysely';
import type { Sql } from '../../platform/db/database.ts';
import { openBlockedNights } from '../inventory/index.ts';
import type { CalendarNight } from './calendar-row.ts';
import type { ImportedProperty } from './imported-property.ts';

const NOTE =
  'Not available in the calendar imported from Inside Airbnb, which does not tell booked nights from blocked ones.';

/** Null elements are nights without a rate. */
const arrayText = (
  nights: readonly (CalendarNight | undefined)[],
  value: (night: CalendarNight) => number | null,
): string => `{${Array.from(nights, (night) => (night && value(night)) ?? 'NULL').join()}}`;

const writeRates = async (db: Sql, properties: readonly ImportedProperty[]): Promise<void> => {
  const rated = properties.flatMap(({ roomTypeId, ratePlanId, calendar: { rates } }) =>
    rates ? [{ roomTypeId, ratePlanId, ...rates }] : [],
  );
  const column = (value: (night: CalendarNight) => number | null) =>
    rated.map(({ nights }) => arrayText(nights, value));
  await sql`
    insert into rate_night (tenant_id, room_type_id, rate_plan_id, night, price, min_stay, max_stay)
    select (select app.tenant()), l.room_type_id, l.rate_plan_id, l.first_night + n.position::integer - 1, n.price, n.min_stay, n.max_stay
    from unnest(${rated.map(({ roomTypeId }) => roomTypeId)}::uuid[],
      ${rated.map(({ ratePlanId }) => ratePlanId)}::uuid[], ${rated.map(({ from }) => from)}::date[],
      ${column(({ price }) => price)}::text[], ${column(({ minStay }) => minStay)}::text[],
      ${column(({ maxStay }) => maxStay)}::text[]
    ) as l (room_type_id, rate_plan_id, first_night, prices, min_stays, max_stays)
    cross join lateral unnest(l.prices::bigint[], l.min_stays::smallint[], l.max_stays::smallint[])
      with ordinality as n (price, min_stay, max_stay, position)
    where num_nonnulls(n.price, n.min_stay, n.max_stay) > 0`.execute(db);
};

const writeBlocks = async (db: Sql, properties: readonly ImportedProperty[], nowIso: string): Promise<void> => {
  const blocks = properties.flatMap(({ roomId, roomTypeId, blockIds, calendar }) =>
    calendar.blocks.map((block, at) => ({ ...block, id: blockIds[at], roomId, roomTypeId })),
  );
  await sql`
    insert into room_stay (id, room_id, room_type_id, kind, during, note, created_at)
    select b.id, b.room_id, b.room_type_id, 'house_use', daterange(b.first_night, b.until), ${NOTE}, ${nowIso}::timestamptz
    from unnest(${blocks.map(({ id }) => id)}::uuid[], ${blocks.map(({ roomId }) => roomId)}::uuid[],
      ${blocks.map(({ roomTypeId }) => roomTypeId)}::uuid[], ${blocks.map(({ from }) => from)}::date[],
      ${blocks.map(({ until }) => until)}::date[]) as b (id, room_id, room_type_id, first_night, until)`.execute(db);
};

/** Writes the nights of properties that were just made: inventory, what is blocked of it, prices and stay limits. */
export const writeNights = async (db: Sql, properties: readonly ImportedProperty[], nowIso: string): Promise<void> => {
  const spans = properties.flatMap(({ roomTypeId, calendar }) =>
    calendar.inventory.map(({ from, nights }) => ({ roomTypeId, from, blocked: nights })),
  );
  await openBlockedNights(db, spans);
  await writeBlocks(db, properties, nowIso);
  await writeRates(db, properties);
};

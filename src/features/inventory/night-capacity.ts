import { sql } from 'kysely';
import type { LocalDate } from '../../kernel/dates.ts';
import type { Sql } from '../../platform/db/database.ts';

/** Rooms a night; null leaves what is there. */
export interface Capacity {
  physical: number | null;
  overbooking: number | null;
}

/** Makes rows for the nights that have none, with the room type's own numbers where none is given; answers which. */
export const openMissing = async (
  db: Sql,
  roomTypeId: string,
  nights: readonly LocalDate[],
  { physical, overbooking }: Capacity,
): Promise<LocalDate[]> => {
  const { rows } = await sql<{ night: LocalDate }>`
    insert into inventory_night (room_type_id, night, physical, overbooking)
    select t.id, k.night, coalesce(${physical}::integer, t.physical_rooms),
      coalesce(${overbooking}::integer, t.overbooking_limit)
    from room_type t, unnest(${[...nights]}::date[]) as k (night)
    where t.tenant_id = app.tenant() and t.id = ${roomTypeId}
    order by k.night
    on conflict do nothing
    returning night`.execute(db);
  return rows.map(({ night }) => night).sort();
};

/** Nights that count more rooms than this capacity would have; needs them locked. */
export const findBelowCommitted = async (
  db: Sql,
  roomTypeId: string,
  nights: readonly LocalDate[],
  { physical, overbooking }: Capacity,
): Promise<{ night: LocalDate; committed: number; capacity: number }[]> => {
  const { rows } = await sql<{ night: LocalDate; committed: number; capacity: number }>`
    select n.night, n.held + n.sold + n.blocked as committed, c.capacity
    from inventory_night n
    cross join lateral (
      select coalesce(${physical}::integer, n.physical) + coalesce(${overbooking}::integer, n.overbooking) as capacity
    ) c
    where n.tenant_id = app.tenant() and n.room_type_id = ${roomTypeId} and n.night = any (${[...nights]}::date[])
      and n.held + n.sold + n.blocked > c.capacity
    order by n.night`.execute(db);
  return rows;
};

/** What the nights have now, as runs [from, until) of the same numbers. */
export const readCapacity = async (
  db: Sql,
  roomTypeId: string,
  nights: readonly LocalDate[],
): Promise<{ from: LocalDate; until: LocalDate; physical: number; overbooking: number }[]> => {
  const { rows } = await sql<{ from: LocalDate; until: LocalDate; physical: number; overbooking: number }>`
    select min(night) as "from", max(night) + 1 as until, physical, overbooking
    from (
      select night, physical, overbooking,
        night - row_number() over (partition by physical, overbooking order by night)::integer as run
      from inventory_night
      where tenant_id = app.tenant() and room_type_id = ${roomTypeId} and night = any (${[...nights]}::date[])
    ) n
    group by physical, overbooking, run
    order by 1`.execute(db);
  return rows;
};

export const writeCapacity = async (
  db: Sql,
  roomTypeId: string,
  nights: readonly LocalDate[],
  { physical, overbooking }: Capacity,
): Promise<void> => {
  await sql`
    update inventory_night
    set physical = coalesce(${physical}::integer, physical), overbooking = coalesce(${overbooking}::integer, overbooking)
    where tenant_id = app.tenant() and room_type_id = ${roomTypeId} and night = any (${[...nights]}::date[])`.execute(
    db,
  );
};

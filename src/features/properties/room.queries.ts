import { sql } from 'kysely';
import { z } from 'zod';
import type { LocalDate } from '../../kernel/dates.ts';
import { decodeCursor, toPage } from '../../kernel/wire.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { ListRoomsInput, Room } from './room.schemas.ts';

const columns = sql`
  r.id, r.property_id as "propertyId", r.room_type_id as "roomTypeId", r.number, r.active,
  r.created_at as "createdAt"`;

/** Null when the tenant has no such room. */
export const findRoom = async (db: Sql, roomId: string): Promise<Room | null> => {
  const found = await sql<Room>`
    select ${columns} from room r where r.tenant_id = app.tenant() and r.id = ${roomId}`.execute(db);
  return found.rows[0] ?? null;
};

/** The last night that a stay or block has of the room, if it is today's or later. */
export const findLastUse = async (db: Sql, roomId: string, nowIso: string): Promise<LocalDate | null> => {
  const { rows } = await sql<{ last: LocalDate | null }>`
    select max(upper(s.during) - 1) as last
    from room r
    join property p on p.tenant_id = app.tenant() and p.id = r.property_id
    join room_stay s on s.tenant_id = app.tenant() and s.room_id = r.id
      and upper(s.during) > app.business_date(${nowIso}::timestamptz, p.time_zone, p.day_starts_at)
    where r.tenant_id = app.tenant() and r.id = ${roomId}`.execute(db);
  return rows[0]?.last ?? null;
};

/** One page of a property's rooms by number. */
export const listRooms = async (db: Sql, input: ListRoomsInput) => {
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor, z.tuple([z.string()]))[0];
  const { rows } = await sql<Room>`
    select ${columns} from room r
    where r.tenant_id = app.tenant() and r.property_id = ${input.propertyId}
      ${input.roomTypeId === undefined ? sql`` : sql`and r.room_type_id = ${input.roomTypeId}`}
      ${input.active === undefined ? sql`` : sql`and r.active = ${input.active}`}
      ${after === null ? sql`` : sql`and r.number > ${after}`}
    order by r.number limit ${input.limit + 1}`.execute(db);
  return toPage(rows, input.limit, (row) => [row.number]);
};

import { sql } from 'kysely';
import { z } from 'zod';
import { decodeCursor, id, toPage } from '../../kernel/wire.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { ListRoomTypesInput, RoomType } from './room-type.schemas.ts';

const columns = sql`
  t.id, t.property_id as "propertyId", t.name, t.description, t.max_adults as "maxAdults",
  t.max_children as "maxChildren", t.max_occupancy as "maxOccupancy", t.physical_rooms as "physicalRooms",
  t.overbooking_limit as "overbookingLimit", t.active, t.created_at as "createdAt"`;

/** Null when the tenant has no such room type. */
export const findRoomType = async (db: Sql, roomTypeId: string): Promise<RoomType | null> => {
  const found = await sql<RoomType>`
    select ${columns} from room_type t where t.tenant_id = app.tenant() and t.id = ${roomTypeId}`.execute(db);
  return found.rows[0] ?? null;
};

/** One page of a property's room types by id, oldest first. */
export const listRoomTypes = async (db: Sql, input: ListRoomTypesInput) => {
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor, z.tuple([id]))[0];
  const { rows } = await sql<RoomType>`
    select ${columns} from room_type t
    where t.tenant_id = app.tenant() and t.property_id = ${input.propertyId}
      ${input.active === undefined ? sql`` : sql`and t.active = ${input.active}`}
      ${after === null ? sql`` : sql`and t.id > ${after}`}
    order by t.id limit ${input.limit + 1}`.execute(db);
  return toPage(rows, input.limit, (row) => [row.id]);
};

import { sql } from 'kysely';
import { z } from 'zod';
import type { LocalDate } from '../../kernel/dates.ts';
import { decodeCursor, id, localDate, toPage } from '../../kernel/wire.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { ListBlocksInput, RoomBlock } from './block.schemas.ts';

const columns = sql`
  s.id, s.room_id as "roomId", s.room_type_id as "roomTypeId", r.number as "roomNumber", s.kind,
  lower(s.during) as "from", upper(s.during) as until, s.note, s.created_at as "createdAt"`;

/** Null when the tenant has no such block; a guest's stay is none. */
export const findBlock = async (db: Sql, blockId: string): Promise<RoomBlock | null> => {
  const found = await sql<RoomBlock>`
    select ${columns} from room_stay s
    join room r on r.tenant_id = app.tenant() and r.id = s.room_id
    where s.tenant_id = app.tenant() and s.id = ${blockId} and s.kind <> 'stay'`.execute(db);
  return found.rows[0] ?? null;
};

/** What stands on a room on any of the nights [from, until). */
export const findOccupied = async (
  db: Sql,
  roomId: string,
  from: LocalDate,
  until: LocalDate,
): Promise<{ kind: string; from: LocalDate; until: LocalDate }[]> => {
  const { rows } = await sql<{ kind: string; from: LocalDate; until: LocalDate }>`
    select kind, lower(during) as "from", upper(during) as until from room_stay
    where tenant_id = app.tenant() and room_id = ${roomId} and during && daterange(${from}::date, ${until}::date)
    order by lower(during) limit 20`.execute(db);
  return rows;
};

/** One page of blocks by their first night; found through their rooms, which have an index. */
export const listBlocks = async (db: Sql, input: ListBlocksInput) => {
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor, z.tuple([localDate, id]));
  const { rows } = await sql<RoomBlock>`
    select ${columns} from room r
    join room_stay s on s.tenant_id = app.tenant() and s.room_id = r.id and s.kind <> 'stay'
    where r.tenant_id = app.tenant()
      ${input.roomTypeId === undefined ? sql`` : sql`and r.room_type_id = ${input.roomTypeId}`}
      ${input.roomId === undefined ? sql`` : sql`and r.id = ${input.roomId}`}
      ${input.from === undefined ? sql`` : sql`and upper(s.during) > ${input.from}::date`}
      ${input.until === undefined ? sql`` : sql`and lower(s.during) < ${input.until}::date`}
      ${after === null ? sql`` : sql`and (lower(s.during), s.id) > (${after[0]}::date, ${after[1]}::uuid)`}
    order by lower(s.during), s.id limit ${input.limit + 1}`.execute(db);
  return toPage(rows, input.limit, (row) => [row.from, row.id]);
};

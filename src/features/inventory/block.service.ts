import { sql } from 'kysely';
import { AppError, notFound } from '../../kernel/app-error.ts';
import { type LocalDate, nightsOf } from '../../kernel/dates.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Database, Sql } from '../../platform/db/database.ts';
import { faultCode } from '../../platform/db/faults.ts';
import type { Caller, Commands } from '../commands/index.ts';
import { findBlock, findOccupied, listBlocks } from './block.queries.ts';
import type { BlockInput, ListBlocksInput, NightsReleased, RoomBlock, UnblockInput } from './block.schemas.ts';
import { lockNights, moveNights } from './ledger.ts';
import { findSellingRoomType, refusePast, type SellingRoomType } from './selling-room-type.ts';

const EXCLUSION_VIOLATION = '23P01';

const roomOccupied = (details: Record<string, unknown>, cause?: unknown) =>
  new AppError('conflict', 'ROOM_OCCUPIED', 'The room has a stay or a block on these nights. Choose other nights.', {
    details,
    cause,
  });

/** Locked against being taken out of use until the transaction ends. */
const findRoom = async (db: Sql, roomId: string): Promise<{ roomTypeId: string; active: boolean } | null> => {
  const { rows } = await sql<{ roomTypeId: string; active: boolean }>`
    select room_type_id as "roomTypeId", active from room
    where tenant_id = app.tenant() and id = ${roomId} for share`.execute(db);
  return rows[0] ?? null;
};

/** Counts a block's nights; says that the room is occupied rather than that its type is sold out, where both are true. */
const takeNights = async (db: Sql, roomTypeId: string, input: BlockInput, nowIso: string): Promise<void> => {
  const changes = nightsOf(input.from, input.until).map((night) => ({ roomTypeId, night, blocked: 1 }));
  try {
    await moveNights(db, changes, { bookings: [], nowIso });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'NOT_AVAILABLE') throw error;
    const occupied = await findOccupied(db, input.roomId, input.from, input.until);
    throw occupied.length > 0 ? roomOccupied({ occupied }, error) : error;
  }
};

const insertBlock = async (
  db: Sql,
  block: { id: string; roomTypeId: string; createdAt: string } & BlockInput,
): Promise<void> => {
  try {
    await sql`
      insert into room_stay (id, room_id, room_type_id, kind, during, note, created_at)
      values (${block.id}, ${block.roomId}, ${block.roomTypeId}, ${block.kind},
        daterange(${block.from}::date, ${block.until}::date), ${block.note}, ${block.createdAt})`.execute(db);
  } catch (error) {
    throw faultCode(error) === EXCLUSION_VIOLATION ? roomOccupied({}, error) : error;
  }
};

const changed = ({ propertyId, id }: SellingRoomType, from: LocalDate, until: LocalDate) => ({
  propertyId,
  nights: [{ roomTypeIds: [id], from, until }],
});

export const createBlockService = (deps: { commands: Commands; database: Database; ids: Ids }) => ({
  /** Takes a room out of sale; the ledger's nights first, then the room, which is the order of all who take both. */
  block: (caller: Caller, input: BlockInput): Promise<RoomBlock> =>
    deps.commands.run(caller, 'inventory.block', input, async ({ sql: db, nowMs, nowIso, audit, announce }) => {
      const room = await findRoom(db, input.roomId);
      const roomType = room && (await findSellingRoomType(db, room.roomTypeId, nowMs));
      if (!room || !roomType) throw notFound('room', 'roomId');
      if (!room.active) {
        throw new AppError('conflict', 'ROOM_INACTIVE', 'The room is not in use, so there is nothing to block.', {
          fields: [{ path: 'roomId', message: 'This room is inactive.' }],
        });
      }
      refusePast(input.from, roomType.businessDate);
      await takeNights(db, room.roomTypeId, input, nowIso);
      const id = deps.ids.uuid();
      await insertBlock(db, { ...input, id, roomTypeId: room.roomTypeId, createdAt: nowIso });
      const after = await findBlock(db, id);
      if (!after) throw notFound('block', 'blockId');
      announce('inventory.changed', changed(roomType, input.from, input.until));
      audit({ entity: 'room_block', entityId: id, after });
      return after;
    }),

  /** Gives back the nights from the business date on; a block that had begun keeps the nights before. */
  unblock: (caller: Caller, input: UnblockInput): Promise<NightsReleased> =>
    deps.commands.run(caller, 'inventory.unblock', input, async ({ sql: db, nowMs, nowIso, audit, announce }) => {
      const seen = await findBlock(db, input.blockId);
      const roomType = seen && (await findSellingRoomType(db, seen.roomTypeId, nowMs));
      if (!seen || !roomType) throw notFound('block', 'blockId');
      const begun = roomType.businessDate > seen.from;
      const from = begun ? roomType.businessDate : seen.from;
      if (from >= seen.until) {
        throw new AppError('conflict', 'BLOCK_IS_OVER', 'The block is over, so no night can be given back.', {
          details: { until: seen.until, businessDate: roomType.businessDate },
        });
      }
      const changes = nightsOf(from, seen.until).map((night) => ({ roomTypeId: seen.roomTypeId, night, blocked: -1 }));
      await lockNights(db, changes);
      const before = await findBlock(db, input.blockId);
      if (before?.until !== seen.until) throw notFound('block', 'blockId');
      await moveNights(db, changes, { bookings: [], nowIso });
      await (begun
        ? sql`update room_stay set during = daterange(${before.from}::date, ${from}::date)
            where tenant_id = app.tenant() and id = ${before.id}`
        : sql`delete from room_stay where tenant_id = app.tenant() and id = ${before.id}`
      ).execute(db);
      const after = begun ? { ...before, until: from } : undefined;
      announce('inventory.changed', changed(roomType, from, seen.until));
      audit({ entity: 'room_block', entityId: before.id, before, after });
      return { blockId: before.id, roomId: before.roomId, releasedFrom: from, releasedUntil: before.until };
    }),

  list: (caller: Caller, input: ListBlocksInput) =>
    deps.database.read(caller.scope, 'replica', (db) => listBlocks(db, input)),
});

export type BlockService = ReturnType<typeof createBlockService>;

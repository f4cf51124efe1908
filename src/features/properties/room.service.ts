import { sql } from 'kysely';
import { AppError, notFound } from '../../kernel/app-error.ts';
import { givenFields } from '../../kernel/given-fields.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Database } from '../../platform/db/database.ts';
import { faultCode } from '../../platform/db/faults.ts';
import type { Caller, Command, Commands } from '../commands/index.ts';
import { RoomEntity } from './room.entity.ts';
import { findLastUse, findRoom, listRooms } from './room.queries.ts';
import type { CreateRoomInput, ListRoomsInput, Room, UpdateRoomInput } from './room.schemas.ts';
import { findRoomType } from './room-type.queries.ts';

const UNIQUE_VIOLATION = '23505';

const flush = async (command: Command): Promise<void> => {
  try {
    await command.em.flush();
  } catch (error) {
    if (faultCode(error) !== UNIQUE_VIOLATION) throw error;
    throw new AppError('conflict', 'ROOM_NUMBER_TAKEN', 'The property has a room with this number. Use another.', {
      fields: [{ path: 'number', message: 'Another room of the property has it.' }],
      cause: error,
    });
  }
};

const readBack = async (command: Command, roomId: string): Promise<Room> => {
  const found = await findRoom(command.sql, roomId);
  if (!found) throw notFound('room', 'roomId');
  return found;
};

const refuseInUse = async (command: Command, roomId: string): Promise<void> => {
  const until = await findLastUse(command.sql, roomId, command.nowIso);
  if (until === null) return;
  throw new AppError(
    'conflict',
    'ROOM_IN_USE',
    `The room has a stay or block up to ${until}. Move or end that before taking the room out of use.`,
    { fields: [{ path: 'active', message: 'The room has a stay or a block.' }], details: { lastNight: until } },
  );
};

export const createRoomService = (deps: { commands: Commands; database: Database; ids: Ids }) => ({
  create: (caller: Caller, input: CreateRoomInput): Promise<Room> =>
    deps.commands.run(caller, 'rooms.create', input, async (command) => {
      const roomType = await findRoomType(command.sql, input.roomTypeId);
      if (!roomType) throw notFound('room type', 'roomTypeId');
      const entity = command.em.create(RoomEntity, {
        id: deps.ids.uuid(),
        tenantId: caller.principal.tenant,
        propertyId: roomType.propertyId,
        roomTypeId: roomType.id,
        number: input.number,
        active: true,
        createdAt: command.nowIso,
      });
      command.em.persist(entity);
      await flush(command);
      const after = await readBack(command, entity.id);
      command.audit({ entity: 'room', entityId: entity.id, after });
      return after;
    }),

  update: (caller: Caller, input: UpdateRoomInput): Promise<Room> =>
    deps.commands.run(caller, 'rooms.update', input, async (command) => {
      const { roomId, idempotencyKey: _, ...changes } = input;
      await sql`select from room where tenant_id = app.tenant() and id = ${roomId} for no key update`.execute(
        command.sql,
      );
      const before = await readBack(command, roomId);
      if (changes.active === false) await refuseInUse(command, roomId);
      const entity = await command.em.findOneOrFail(RoomEntity, { id: roomId, tenantId: caller.principal.tenant });
      command.em.assign(entity, givenFields(changes));
      await flush(command);
      const after = await readBack(command, roomId);
      command.audit({ entity: 'room', entityId: roomId, before, after });
      return after;
    }),

  list: (caller: Caller, input: ListRoomsInput) =>
    deps.database.read(caller.scope, 'replica', (db) => listRooms(db, input)),
});

export type RoomService = ReturnType<typeof createRoomService>;

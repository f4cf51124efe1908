import { AppError, notFound } from '../../kernel/app-error.ts';
import { addDays, businessDateAt } from '../../kernel/dates.ts';
import { givenFields } from '../../kernel/given-fields.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Caller, Command, Commands } from '../commands/index.ts';
import { openNights } from '../inventory/index.ts';
import { lockPricedProperty, refreshPriceFrom } from '../rates/index.ts';
import { findProperty } from './property.queries.ts';
import { RoomTypeEntity } from './room-type.entity.ts';
import { findRoomType, listRoomTypes } from './room-type.queries.ts';
import type { CreateRoomTypeInput, ListRoomTypesInput, RoomType, UpdateRoomTypeInput } from './room-type.schemas.ts';

const checkCapacity = (of: { maxAdults: number; maxChildren: number; maxOccupancy: number }): void => {
  if (of.maxOccupancy >= of.maxAdults && of.maxOccupancy <= of.maxAdults + of.maxChildren) return;
  const message = 'Must lie between maxAdults and the sum of maxAdults and maxChildren.';
  throw new AppError('invalid', 'INVALID_INPUT', 'Some fields are not valid.', {
    fields: [{ path: 'maxOccupancy', message }],
  });
};

const readBack = async ({ sql: db }: Command, roomTypeId: string): Promise<RoomType> => {
  const found = await findRoomType(db, roomTypeId);
  if (!found) throw notFound('room type', 'roomTypeId');
  return found;
};

export const createRoomTypeService = (deps: {
  commands: Commands;
  database: Database;
  ids: Ids;
  /** Nights from the business date on that a new room type starts with. */
  horizonDays: number;
}) => ({
  create: (caller: Caller, input: CreateRoomTypeInput): Promise<RoomType> =>
    deps.commands.run(caller, 'roomTypes.create', input, async (command) => {
      const { idempotencyKey: _, ...described } = input;
      checkCapacity(described);
      const property = await findProperty(command.sql, input.propertyId);
      if (!property) throw notFound('property', 'propertyId');
      const entity = command.em.create(RoomTypeEntity, {
        ...described,
        id: deps.ids.uuid(),
        tenantId: caller.principal.tenant,
        active: true,
        createdAt: command.nowIso,
      });
      command.em.persist(entity);
      await command.em.flush();
      const today = businessDateAt(command.nowMs, property.timeZone, property.dayStartsAt);
      await openNights(command.sql, entity.id, today, addDays(today, deps.horizonDays));
      const after = await readBack(command, entity.id);
      command.announce('room_type.changed', { propertyId: input.propertyId, roomTypeId: entity.id });
      command.audit({ entity: 'room_type', entityId: entity.id, after });
      return after;
    }),

  update: (caller: Caller, input: UpdateRoomTypeInput): Promise<RoomType> =>
    deps.commands.run(caller, 'roomTypes.update', input, async (command) => {
      const { roomTypeId, idempotencyKey: _, ...changes } = input;
      const seen = await readBack(command, roomTypeId);
      const property = await lockPricedProperty(command.sql, seen.propertyId);
      if (!property) throw notFound('room type', 'roomTypeId');
      const before = await readBack(command, roomTypeId);
      const entity = await command.em.findOneOrFail(RoomTypeEntity, {
        id: roomTypeId,
        tenantId: caller.principal.tenant,
      });
      command.em.assign(entity, givenFields(changes));
      checkCapacity(entity);
      await command.em.flush();
      await refreshPriceFrom(command.sql, property.id, command.nowIso);
      const after = await readBack(command, roomTypeId);
      command.announce('room_type.changed', { propertyId: property.id, roomTypeId });
      command.audit({ entity: 'room_type', entityId: roomTypeId, before, after });
      return after;
    }),

  get: async (caller: Caller, roomTypeId: string): Promise<RoomType> => {
    const found = await deps.database.read(caller.scope, 'replica', (db) => findRoomType(db, roomTypeId));
    if (!found) throw notFound('room type', 'roomTypeId');
    return found;
  },

  list: (caller: Caller, input: ListRoomTypesInput) =>
    deps.database.read(caller.scope, 'replica', (db) => listRoomTypes(db, input)),
});

export type RoomTypeService = ReturnType<typeof createRoomTypeService>;

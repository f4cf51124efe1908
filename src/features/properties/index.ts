import type { Ids } from '../../kernel/ids.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Commands } from '../commands/index.ts';
import { PropertyEntity } from './property.entity.ts';
import { createPropertyRouter } from './property.router.ts';
import { createPropertyService } from './property.service.ts';
import { RoomEntity } from './room.entity.ts';
import { createRoomRouter } from './room.router.ts';
import { createRoomService } from './room.service.ts';
import { RoomTypeEntity } from './room-type.entity.ts';
import { createRoomTypeRouter } from './room-type.router.ts';
import { createRoomTypeService } from './room-type.service.ts';

export { findProperty } from './property.queries.ts';
export { type Property, property } from './property.schemas.ts';
export { findRoomType } from './room-type.queries.ts';
export { type RoomType, roomType } from './room-type.schemas.ts';

export const propertyEntities = [PropertyEntity, RoomTypeEntity, RoomEntity];

/** `horizonDays`: nights that a new room type opens with, from its property's business date on. */
export const createProperties = (deps: { commands: Commands; database: Database; ids: Ids; horizonDays: number }) => ({
  properties: createPropertyRouter(createPropertyService(deps)),
  roomTypes: createRoomTypeRouter(createRoomTypeService(deps)),
  rooms: createRoomRouter(createRoomService(deps)),
});

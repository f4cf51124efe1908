import { defineEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/db/column-types.ts';

export const RoomTypeEntity = defineEntity({
  name: 'RoomType',
  tableName: 'room_type',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    propertyId: p.uuid(),
    name: p.string(),
    description: p.string().nullable(),
    maxAdults: p.integer(),
    maxChildren: p.integer(),
    maxOccupancy: p.integer(),
    physicalRooms: p.integer(),
    overbookingLimit: p.integer(),
    active: p.boolean(),
    createdAt: instantColumn(),
  },
});

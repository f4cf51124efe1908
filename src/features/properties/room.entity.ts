import { defineEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/db/column-types.ts';

export const RoomEntity = defineEntity({
  name: 'Room',
  tableName: 'room',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    roomTypeId: p.uuid(),
    propertyId: p.uuid(),
    number: p.string(),
    active: p.boolean(),
    createdAt: instantColumn(),
  },
});

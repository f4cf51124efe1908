import { z } from 'zod';
import { id, instant, pageInput, pageOf, text } from '../../kernel/wire.ts';
import { idempotencyKey } from '../commands/index.ts';

const guests = z.int().min(0).max(200);
const rooms = z.int().min(0).max(100_000);

const described = {
  name: text(200),
  description: text(4_000).nullable(),
  maxAdults: guests.min(1),
  maxChildren: guests,
  maxOccupancy: guests.min(1).meta({ description: 'Adults and children together.' }),
  physicalRooms: rooms.meta({ description: 'Rooms that new nights start with.' }),
  overbookingLimit: rooms.meta({ description: 'Rooms that may be sold beyond the physical ones on new nights.' }),
};

export const roomType = z
  .strictObject({
    id,
    propertyId: id,
    name: z.string(),
    description: z.string().nullable(),
    maxAdults: z.int(),
    maxChildren: z.int(),
    maxOccupancy: z.int(),
    physicalRooms: z.int(),
    overbookingLimit: z.int(),
    active: z.boolean(),
    createdAt: instant,
  })
  .meta({ id: 'RoomType' });
export type RoomType = z.infer<typeof roomType>;

export const createRoomTypeInput = z.strictObject({
  propertyId: id,
  ...described,
  description: described.description.default(null),
  maxChildren: guests.default(0),
  overbookingLimit: described.overbookingLimit.default(0),
  idempotencyKey,
});
export type CreateRoomTypeInput = z.infer<typeof createRoomTypeInput>;

export const updateRoomTypeInput = z.strictObject({
  roomTypeId: id,
  ...z.strictObject(described).partial().shape,
  active: z.boolean().optional(),
  idempotencyKey,
});
export type UpdateRoomTypeInput = z.infer<typeof updateRoomTypeInput>;

export const roomTypeInput = z.strictObject({ roomTypeId: id });

export const listRoomTypesInput = z.strictObject({ propertyId: id, active: z.boolean().optional(), ...pageInput });
export type ListRoomTypesInput = z.infer<typeof listRoomTypesInput>;

export const roomTypePage = pageOf(roomType);

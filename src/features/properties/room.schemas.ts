import { z } from 'zod';
import { id, instant, pageInput, pageOf, text } from '../../kernel/wire.ts';
import { idempotencyKey } from '../commands/index.ts';

const number = text(32).meta({ description: 'As on the door; unique in the property.', examples: ['101'] });

export const room = z
  .strictObject({
    id,
    propertyId: id,
    roomTypeId: id,
    number: z.string(),
    active: z.boolean(),
    createdAt: instant,
  })
  .meta({ id: 'Room' });
export type Room = z.infer<typeof room>;

export const createRoomInput = z.strictObject({ roomTypeId: id, number, idempotencyKey });
export type CreateRoomInput = z.infer<typeof createRoomInput>;

export const updateRoomInput = z.strictObject({
  roomId: id,
  number: number.optional(),
  active: z.boolean().optional(),
  idempotencyKey,
});
export type UpdateRoomInput = z.infer<typeof updateRoomInput>;

export const listRoomsInput = z.strictObject({
  propertyId: id,
  roomTypeId: id.optional(),
  active: z.boolean().optional(),
  ...pageInput,
});
export type ListRoomsInput = z.infer<typeof listRoomsInput>;

export const roomPage = pageOf(room);

import { z } from 'zod';
import { nightRange, validRange } from '../../kernel/night-range.ts';
import { id, instant, localDate, pageInput, pageOf, text } from '../../kernel/wire.ts';
import { idempotencyKey } from '../commands/index.ts';

const kind = z.enum(['out_of_order', 'house_use']);

export const roomBlock = z
  .strictObject({
    id,
    roomId: id,
    roomTypeId: id,
    roomNumber: z.string(),
    kind,
    ...nightRange,
    note: z.string().nullable(),
    createdAt: instant,
  })
  .meta({ id: 'RoomBlock' });
export type RoomBlock = z.infer<typeof roomBlock>;

export const blockInput = z
  .strictObject({ roomId: id, ...nightRange, kind, note: text(500).nullable().default(null), idempotencyKey })
  .check(validRange(3_660));
export type BlockInput = z.infer<typeof blockInput>;

export const unblockInput = z.strictObject({ blockId: id, idempotencyKey });
export type UnblockInput = z.infer<typeof unblockInput>;

export const nightsReleased = z.strictObject({
  blockId: id,
  roomId: id,
  releasedFrom: localDate.meta({ description: 'First night given back; earlier ones stay counted as blocked.' }),
  releasedUntil: localDate,
});
export type NightsReleased = z.infer<typeof nightsReleased>;

export const listBlocksInput = z
  .strictObject({
    roomTypeId: id.optional(),
    roomId: id.optional(),
    from: localDate.optional().meta({ description: 'Blocks that end after this date.' }),
    until: localDate.optional().meta({ description: 'Blocks that begin before this date.' }),
    ...pageInput,
  })
  .refine(({ roomTypeId, roomId }) => roomTypeId !== undefined || roomId !== undefined, {
    path: ['roomTypeId'],
    message: 'Name a room type, a room or both.',
    when: () => true,
  });
export type ListBlocksInput = z.infer<typeof listBlocksInput>;

export const blockPage = pageOf(roomBlock);

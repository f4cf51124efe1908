import { z } from 'zod';
import { nightRange, validRange } from '../../kernel/night-range.ts';
import { id, localDate } from '../../kernel/wire.ts';
import { idempotencyKey } from '../commands/index.ts';

const rooms = z.int().min(0).max(100_000);

export const inventoryInput = z.strictObject({ roomTypeId: id, ...nightRange }).check(validRange(400));
export type InventoryInput = z.infer<typeof inventoryInput>;

export const inventoryCalendar = z
  .strictObject({
    roomTypeId: id,
    nights: z.array(
      z.strictObject({
        night: localDate,
        open: z.boolean().meta({ description: 'False when the night has no inventory: it can not be sold.' }),
        physical: z.int(),
        overbooking: z.int(),
        blocked: z.int(),
        held: z.int().meta({ description: 'Holds that have not expired.' }),
        sold: z.int(),
        available: z.int(),
      }),
    ),
  })
  .meta({ id: 'InventoryCalendar' });
export type InventoryCalendar = z.infer<typeof inventoryCalendar>;

export const setNightsInput = z
  .strictObject({
    roomTypeId: id,
    ...nightRange,
    weekdays: z
      .array(z.int().min(1).max(7))
      .min(1)
      .max(7)
      .optional()
      .meta({ description: 'ISO weekdays, 1 Monday to 7 Sunday; all unless given.' }),
    physical: rooms.optional(),
    overbooking: rooms.optional(),
    idempotencyKey,
  })
  .check(validRange(3_660))
  .refine(({ physical, overbooking }) => physical !== undefined || overbooking !== undefined, {
    path: ['physical'],
    message: 'Give physical, overbooking or both.',
  });
export type SetNightsInput = z.infer<typeof setNightsInput>;

export const nightsSet = z.strictObject({
  roomTypeId: id,
  nights: z.int().meta({ description: 'Nights that the call named.' }),
  opened: z.int().meta({ description: 'Those of them that were closed before.' }),
});
export type NightsSet = z.infer<typeof nightsSet>;

import { AppError, invalid, notFound } from '../../kernel/app-error.ts';
import { addDays, nightsOf, weekdayOf } from '../../kernel/dates.ts';
import type { Caller, Commands } from '../commands/index.ts';
import { lockWithoutExpired } from './expired-holds.ts';
import type { NightsSet, SetNightsInput } from './night.schemas.ts';
import { type Capacity, findBelowCommitted, openMissing, readCapacity, writeCapacity } from './night-capacity.ts';
import { findSellingRoomType, refusePast } from './selling-room-type.ts';

const selectedNights = ({ from, until, weekdays }: SetNightsInput): string[] => {
  const nights = nightsOf(from, until).filter((night) => !weekdays || weekdays.includes(weekdayOf(night)));
  if (nights.length === 0) throw invalid('weekdays', 'No night of the range falls on these weekdays.');
  return nights;
};

/**
 * Sets physical rooms and overbooking of nights, opening those that are closed. Throws BELOW_COMMITTED with the nights
 * on which more rooms are counted than there would be, PAST_NIGHTS and BEYOND_HORIZON.
 */
export const createSetNights =
  ({ commands, horizonDays }: { commands: Commands; horizonDays: number }) =>
  (caller: Caller, input: SetNightsInput): Promise<NightsSet> =>
    commands.run(caller, 'inventory.setNights', input, async ({ sql: db, nowMs, nowIso, audit, announce }) => {
      const { roomTypeId } = input;
      const roomType = await findSellingRoomType(db, roomTypeId, nowMs);
      if (!roomType) throw notFound('room type', 'roomTypeId');
      refusePast(input.from, roomType.businessDate);
      const horizon = addDays(roomType.businessDate, horizonDays);
      if (input.until > horizon) {
        throw new AppError('unprocessable', 'BEYOND_HORIZON', `Nights are open until ${horizon}. End there.`, {
          fields: [{ path: 'until', message: `Must not lie after ${horizon}.` }],
          details: { horizon },
        });
      }

      const nights = selectedNights(input);
      const capacity: Capacity = { physical: input.physical ?? null, overbooking: input.overbooking ?? null };
      const opened = await openMissing(db, roomTypeId, nights, capacity);
      await lockWithoutExpired(db, roomTypeId, nights, nowIso);
      const below = await findBelowCommitted(db, roomTypeId, nights, capacity);
      if (below.length > 0) {
        throw new AppError(
          'conflict',
          'BELOW_COMMITTED',
          'On some nights more rooms are held, sold or blocked than there would be. Choose a higher number.',
          { details: { nights: below.slice(0, 100), count: below.length } },
        );
      }
      const known = [...new Set(nights).difference(new Set(opened))];
      const before = await readCapacity(db, roomTypeId, known);
      await writeCapacity(db, roomTypeId, nights, capacity);
      const { from, until } = input;
      announce('inventory.changed', {
        propertyId: roomType.propertyId,
        nights: [{ roomTypeIds: [roomTypeId], from, until }],
      });
      const { idempotencyKey: _, ...asked } = input;
      audit({
        entity: 'room_type',
        entityId: roomTypeId,
        before: { nights: before, opened },
        after: { nights: asked },
      });
      return { roomTypeId, nights: nights.length, opened: opened.length };
    });

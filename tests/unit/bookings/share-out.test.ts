import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shareOut } from '../../../src/features/bookings/share-out.ts';
import { addDays, nightsOf } from '../../../src/kernel/dates.ts';

const FIRST = '2026-05-01';
const DAYS = 6;
const day = (offset: number) => addDays(FIRST, offset);

const stays = fc.array(
  fc
    .tuple(fc.constantFrom('double', 'suite'), fc.nat(DAYS - 1), fc.integer({ min: 1, max: 3 }))
    .map(([roomTypeId, from, nights]) => ({ roomTypeId, arrival: day(from), departure: day(from + nights) })),
  { maxLength: 20 },
);
const free = fc
  .array(fc.option(fc.integer({ min: -1, max: 4 })), { minLength: 2 * DAYS, maxLength: 2 * DAYS })
  .map((rooms) =>
    rooms.map((available, index) => ({
      roomTypeId: index < DAYS ? 'double' : 'suite',
      night: day(index % DAYS),
      available,
    })),
  );

it('everyone gets all nights or none, in order, and only those are refused whose rooms went to others before them', () => {
  fc.assert(
    fc.property(stays, free, (asked, nights) => {
      const answers = shareOut(asked, nights);
      asked.forEach((stay, index) => {
        const before = asked.slice(0, index).filter((_, other) => answers[other]?.length === 0);
        const left = (night: string) => {
          const known = nights.find((one) => one.roomTypeId === stay.roomTypeId && one.night === night)?.available;
          if (known === undefined || known === null) return null;
          const taken = before.filter(
            ({ roomTypeId, arrival, departure }) =>
              roomTypeId === stay.roomTypeId && arrival <= night && night < departure,
          );
          return known - taken.length;
        };
        const short = nightsOf(stay.arrival, stay.departure).flatMap((night) => {
          const rooms = left(night);
          if (rooms !== null && rooms > 0) return [];
          const problem = rooms === null ? 'closed' : 'sold_out';
          return [{ roomTypeId: stay.roomTypeId, night, problem, available: Math.max(0, rooms ?? 0) }];
        });
        expect(answers[index]).toEqual(short);
      });
    }),
  );
});

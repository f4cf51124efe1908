import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roomsForEveryBooking, roomsStayedIn, type TypeCapacity } from '../../../src/cli/replay/capacity.ts';
import type { Row } from '../../../src/cli/replay/row.ts';
import { type DataDay, schedule } from '../../../src/cli/replay/schedule.ts';
import { nightsOf } from '../../../src/kernel/dates.ts';
import { demand, rowWith } from './demand.ts';

const roomsOf = (capacities: readonly TypeCapacity[]) => capacities.map(({ rooms }) => rooms);

describe('rooms for every booking', () => {
  it("count a day's bookings together, whatever that day's own cancellations give back", () => {
    const sameDay = { status: 'Canceled', statusDate: '2016-05-01' } as const;
    expect(roomsOf(roomsForEveryBooking([rowWith(sameDay), rowWith({ row: 2 })]))).toEqual([2]);
  });

  it("count a night once when an earlier booking gives it back before the day's bookings", () => {
    const rows = [
      rowWith({ status: 'Canceled', statusDate: '2016-05-05' }),
      rowWith({ row: 2, bookedOn: '2016-05-05' }),
    ];
    expect(roomsOf(roomsForEveryBooking(rows))).toEqual([1]);
  });

  it('count the departure day for the next guest, and unused nights for those who book after an early check-out', () => {
    const next = rowWith({ row: 2, arrival: '2016-05-13' });
    expect(roomsOf(roomsForEveryBooking([rowWith(), next]))).toEqual([1]);
    const early = rowWith({ statusDate: '2016-05-11' });
    expect(
      roomsOf(roomsForEveryBooking([early, rowWith({ row: 2, bookedOn: '2016-05-11', arrival: '2016-05-11' })])),
    ).toEqual([1]);
    expect(
      roomsOf(roomsForEveryBooking([early, rowWith({ row: 2, bookedOn: '2016-05-10', arrival: '2016-05-11' })])),
    ).toEqual([2]);
  });

  it('are apart by hotel and reserved type, in order, and none where every row is refused', () => {
    const rows = [
      rowWith(),
      rowWith({ row: 2, roomType: 'P', adults: 0 }),
      rowWith({ row: 3, hotel: 'city' }),
      rowWith({ row: 4, hotel: 'city' }),
    ];
    expect(roomsForEveryBooking(rows)).toEqual([
      { hotel: 'city', roomType: 'A', rooms: 2 },
      { hotel: 'resort', roomType: 'A', rooms: 1 },
      { hotel: 'resort', roomType: 'P', rooms: 0 },
    ]);
  });

  it('are never exceeded and never too many, however the bookings and releases of a step interleave', () => {
    fc.assert(
      fc.property(demand, fc.array(fc.nat(), { minLength: 80, maxLength: 80 }), (rows, turns) => {
        const turnOf = (row: Row, end: 0 | 1) => turns[(2 * row.row + end) % turns.length] ?? 0;
        const shuffled = ({ releasesBefore, bookings, releasesAfter }: DataDay) => ({
          before: releasesBefore.toSorted((a, b) => turnOf(a.row, 1) - turnOf(b.row, 1)),
          takes: bookings.filter(({ refusal }) => !refusal).toSorted((a, b) => turnOf(a.row, 0) - turnOf(b.row, 0)),
          after: releasesAfter.toSorted((a, b) => turnOf(a.row, 1) - turnOf(b.row, 1)),
        });
        const sold = new Map<string, number>();
        const most = new Map<string, number>();
        const change = ({ hotel, roomType }: Row, nights: string[], by: number) => {
          for (const night of nights) {
            const count = (sold.get(`${hotel} ${roomType} ${night}`) ?? 0) + by;
            expect(count).toBeGreaterThanOrEqual(0);
            sold.set(`${hotel} ${roomType} ${night}`, count);
            most.set(`${hotel} ${roomType}`, Math.max(most.get(`${hotel} ${roomType}`) ?? 0, count));
          }
        };
        for (const day of schedule(rows)) {
          const { before, takes, after } = shuffled(day);
          for (const { row, freeFrom } of before) change(row, nightsOf(freeFrom, row.departure), -1);
          for (const { row } of takes) change(row, nightsOf(row.arrival, row.departure), 1);
          for (const { row, freeFrom } of after) change(row, nightsOf(freeFrom, row.departure), -1);
        }
        for (const { hotel, roomType, rooms } of roomsForEveryBooking(rows)) {
          expect(most.get(`${hotel} ${roomType}`) ?? 0).toBe(rooms);
        }
      }),
    );
  });
});

describe('rooms stayed in', () => {
  it('count checked-out rows only, each until the day it left', () => {
    const stays = [
      rowWith({ statusDate: '2016-05-11' }),
      rowWith({ row: 2, arrival: '2016-05-11' }),
      rowWith({ row: 3, status: 'No-Show', statusDate: '2016-05-10' }),
      rowWith({ row: 4, status: 'Canceled', statusDate: '2016-05-10' }),
      rowWith({ row: 5, rate: -1 }),
      rowWith({ row: 6, statusDate: '2016-05-10' }),
    ];
    expect(roomsOf(roomsStayedIn(stays))).toEqual([1]);
    expect(roomsOf(roomsStayedIn([...stays, rowWith({ row: 7, nights: 1 })]))).toEqual([2]);
  });

  it('hold no night past the planned departure', () => {
    const late = rowWith({ statusDate: '2016-05-15' });
    expect(roomsOf(roomsStayedIn([late, rowWith({ row: 2, arrival: '2016-05-13' })]))).toEqual([1]);
  });
});

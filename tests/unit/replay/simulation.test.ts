import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roomsForEveryBooking, roomsStayedIn, type TypeCapacity } from '../../../src/cli/replay/capacity.ts';
import type { Row } from '../../../src/cli/replay/row.ts';
import { type Release, schedule } from '../../../src/cli/replay/schedule.ts';
import { refusedForRooms } from '../../../src/cli/replay/simulation.ts';
import { nightsOf } from '../../../src/kernel/dates.ts';
import { demand, rowWith } from './demand.ts';

const oneRoom: TypeCapacity[] = [{ hotel: 'resort', roomType: 'A', rooms: 1 }];
const refused = (rows: Row[]) => [...refusedForRooms(rows, oneRoom)];

describe('rows refused for want of rooms', () => {
  it('are those that come later in row order on the same day', () => {
    expect(refused([rowWith({ row: 1 }), rowWith({ row: 2 })])).toEqual([2]);
    expect(refused([rowWith({ row: 2 }), rowWith({ row: 1 })])).toEqual([2]);
  });

  it('are refused whole when a single night is taken', () => {
    const overlapping = rowWith({ row: 2, bookedOn: '2016-05-02', arrival: '2016-05-12' });
    const after = rowWith({ row: 3, bookedOn: '2016-05-03', arrival: '2016-05-14' });
    expect(refused([rowWith(), overlapping, after])).toEqual([2]);
  });

  it('give nothing back when they would have ended', () => {
    const cancelled = rowWith({ row: 2, bookedOn: '2016-05-02', status: 'Canceled', statusDate: '2016-05-03' });
    expect(refused([rowWith(), cancelled, rowWith({ row: 3, bookedOn: '2016-05-04' })])).toEqual([2, 3]);
  });

  it('find room after a cancellation of an earlier day, not after one of the same day', () => {
    const cancelled = { status: 'Canceled', statusDate: '2016-05-02' } as const;
    const later = rowWith({ row: 2, bookedOn: '2016-05-02' });
    expect(refused([rowWith(cancelled), later])).toEqual([]);
    expect(refused([rowWith({ ...cancelled, bookedOn: '2016-05-02' }), later])).toEqual([2]);
  });

  it('find room on the nights that an early departure leaves', () => {
    const early = rowWith({ statusDate: '2016-05-11' });
    expect(refused([early, rowWith({ row: 2, bookedOn: '2016-05-11', arrival: '2016-05-11' })])).toEqual([]);
    expect(refused([early, rowWith({ row: 2, bookedOn: '2016-05-10', arrival: '2016-05-11' })])).toEqual([2]);
  });

  it('find no room on the day on which a guest arrives and leaves, and room on the next', () => {
    const brief = rowWith({ statusDate: '2016-05-10' });
    expect(refused([brief, rowWith({ row: 2, bookedOn: '2016-05-10' })])).toEqual([2]);
    expect(refused([brief, rowWith({ row: 2, bookedOn: '2016-05-11', arrival: '2016-05-11' })])).toEqual([]);
  });

  it('are not those that are no bookings, nor do these take a room', () => {
    expect(refused([rowWith({ adults: 0 }), rowWith({ row: 2, rate: -1 }), rowWith({ row: 3 })])).toEqual([]);
  });

  it('are all where there is no room', () => {
    expect([...refusedForRooms([rowWith()], [])]).toEqual([1]);
  });

  it('are none with the rooms that every booking needs', () => {
    fc.assert(fc.property(demand, (rows) => refusedForRooms(rows, roomsForEveryBooking(rows)).size === 0));
  });

  it('are the same when the schedule is played one by one against the rooms stayed in', () => {
    fc.assert(
      fc.property(demand, (rows) => {
        const rooms = roomsStayedIn(rows);
        const sold = new Map<string, number>();
        const taken: Row[] = [];
        const key = (row: Row, night: string) => `${row.hotel} ${row.roomType} ${night}`;
        const change = (row: Row, from: string, by: number) => {
          for (const night of nightsOf(from, row.departure))
            sold.set(key(row, night), (sold.get(key(row, night)) ?? 0) + by);
        };
        const release = ({ row, freeFrom }: Release) => {
          if (taken.includes(row)) change(row, freeFrom, -1);
        };
        for (const { releasesBefore, bookings, releasesAfter } of schedule(rows)) {
          releasesBefore.forEach(release);
          for (const { row, refusal } of bookings) {
            const limit =
              rooms.find(({ hotel, roomType }) => hotel === row.hotel && roomType === row.roomType)?.rooms ?? 0;
            const full = nightsOf(row.arrival, row.departure).some(
              (night) => (sold.get(key(row, night)) ?? 0) >= limit,
            );
            if (refusal || full) continue;
            taken.push(row);
            change(row, row.arrival, 1);
          }
          releasesAfter.forEach(release);
        }
        const bookable = [...schedule(rows)].flatMap((day) => day.bookings.filter(({ refusal }) => !refusal));
        const expected = bookable.map(({ row }) => row).filter((row) => !taken.includes(row));
        expect([...refusedForRooms(rows, rooms)].sort()).toEqual(expected.map(({ row }) => row).sort());
      }),
    );
  });
});

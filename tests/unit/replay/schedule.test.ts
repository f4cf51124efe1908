import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../src/cli/replay/row.ts';
import { type DataDay, releaseOf, schedule } from '../../../src/cli/replay/schedule.ts';
import { daysBetween } from '../../../src/kernel/dates.ts';
import { demand, rowWith } from './demand.ts';

const rowNumbers = (day: DataDay) => ({
  releasesBefore: day.releasesBefore.map(({ row }) => row.row),
  bookings: day.bookings.map(({ row }) => row.row),
  checkIns: day.checkIns.map(({ row }) => row),
  releasesAfter: day.releasesAfter.map(({ row }) => row.row),
});

/** The steps in which a row appears, in order. */
const courseOf = (changes: Partial<Row>): string[] =>
  [...schedule([rowWith(changes)])].flatMap((day) =>
    Object.entries(rowNumbers(day)).flatMap(([step, rows]) => rows.map(() => `${day.date} ${step}`)),
  );

describe('the course of a row', () => {
  it("is booking, check-in, then check-out ahead of its day's bookings", () => {
    expect(courseOf({})).toEqual(['2016-05-01 bookings', '2016-05-10 checkIns', '2016-05-13 releasesBefore']);
  });

  it("ends with a cancellation ahead of the day's bookings when it was booked before", () => {
    const cancelled = { status: 'Canceled', statusDate: '2016-05-04' } as const;
    expect(courseOf(cancelled)).toEqual(['2016-05-01 bookings', '2016-05-04 releasesBefore']);
    expect(courseOf({ ...cancelled, statusDate: '2016-05-10' })).toEqual([
      '2016-05-01 bookings',
      '2016-05-10 releasesBefore',
    ]);
  });

  it('ends after the check-ins when it is cancelled on the day of booking', () => {
    expect(courseOf({ status: 'Canceled', statusDate: '2016-05-01' })).toEqual([
      '2016-05-01 bookings',
      '2016-05-01 releasesAfter',
    ]);
  });

  it('never ends before it was booked', () => {
    expect(courseOf({ status: 'Canceled', statusDate: '2016-04-20' })).toEqual([
      '2016-05-01 bookings',
      '2016-05-01 releasesAfter',
    ]);
  });

  it('has a no-show on the day of arrival, also when it is dated before', () => {
    const expected = ['2016-05-01 bookings', '2016-05-10 releasesBefore'];
    expect(courseOf({ status: 'No-Show', statusDate: '2016-05-10' })).toEqual(expected);
    expect(courseOf({ status: 'No-Show', statusDate: '2016-05-08' })).toEqual(expected);
    expect(courseOf({ status: 'No-Show', statusDate: '2016-05-10', bookedOn: '2016-05-10' })).toEqual([
      '2016-05-10 bookings',
      '2016-05-10 releasesAfter',
    ]);
  });

  it('checks out after the check-in when both fall on the day of arrival', () => {
    expect(courseOf({ statusDate: '2016-05-10' })).toEqual([
      '2016-05-01 bookings',
      '2016-05-10 checkIns',
      '2016-05-10 releasesAfter',
    ]);
  });

  it.each([
    ['no_nights', { nights: 0 }],
    ['no_nights', { nights: 0, adults: 0, rate: -1 }],
    ['no_guests', { adults: 0 }],
    ['negative_rate', { rate: -638 }],
  ])('is one refused booking (%s) and nothing else when it is no booking', (refusal, changes) => {
    expect(courseOf(changes)).toEqual(['2016-05-01 bookings']);
    const [day] = schedule([rowWith(changes)]);
    expect(day?.bookings[0]?.refusal).toBe(refusal);
  });

  it('is an accepted booking with children only, and at a rate of zero', () => {
    expect(courseOf({ adults: 0, children: 2, rate: 0 })).toHaveLength(3);
    expect(courseOf({ adults: 0, babies: 1 })).toHaveLength(3);
  });
});

describe('what an end gives back', () => {
  it.each([
    ['every night of a cancellation', { status: 'Canceled', statusDate: '2016-05-10' }, '2016-05-10'],
    ['every night of a no-show', { status: 'No-Show', statusDate: '2016-05-11' }, '2016-05-10'],
    ['nights from the day of an early check-out on', { statusDate: '2016-05-11' }, '2016-05-11'],
    ['every night when the guest leaves on the day of arrival', { statusDate: '2016-05-10' }, '2016-05-10'],
    ['nothing at the planned departure', { statusDate: '2016-05-13' }, '2016-05-13'],
    ['nothing after the planned departure', { statusDate: '2016-05-15' }, '2016-05-13'],
  ] as const)('is %s', (_, changes, freeFrom) => {
    expect(releaseOf(rowWith(changes)).freeFrom).toBe(freeFrom);
  });
});

describe('the schedule', () => {
  it('keeps row order within each step', () => {
    const rows = [1, 2, 3].map((row) => rowWith({ row }));
    const days = [...schedule(rows)].map(rowNumbers);
    expect(days[0]?.bookings).toEqual([1, 2, 3]);
    expect(days[9]?.checkIns).toEqual([1, 2, 3]);
    expect(days[12]?.releasesBefore).toEqual([1, 2, 3]);
  });

  it('has no days without rows', () => {
    expect([...schedule([])]).toEqual([]);
  });

  it('is every calendar day once, with every row booked once on its day and, if bookable, ended once after it', () => {
    fc.assert(
      fc.property(demand, (rows) => {
        const days = [...schedule(rows)];
        for (const [index, day] of days.entries()) {
          expect(daysBetween(days[0]?.date ?? '', day.date)).toBe(index);
        }
        const course = new Map(rows.map(({ row }) => [row, { booked: 0, in: 0, ended: 0, refused: false }]));
        const of = (row: Row) => course.get(row.row) ?? expect.fail(`row ${row.row} is not in the source`);
        for (const { date, releasesBefore, bookings, checkIns, releasesAfter } of days) {
          const end = ({ row }: { row: Row }) => {
            expect(of(row)).toMatchObject({ booked: 1, in: row.status === 'Check-Out' ? 1 : 0, refused: false });
            of(row).ended += 1;
          };
          releasesBefore.forEach(end);
          for (const { row, refusal } of bookings) {
            expect(row.bookedOn).toBe(date);
            of(row).booked += 1;
            of(row).refused = refusal !== undefined;
          }
          for (const row of checkIns) {
            expect(row.arrival).toBe(date);
            expect(of(row)).toMatchObject({ booked: 1, ended: 0, refused: false });
            of(row).in += 1;
          }
          releasesAfter.forEach(end);
        }
        for (const { booked, ended, refused } of course.values()) {
          expect({ booked, ended }).toEqual({ booked: 1, ended: refused ? 0 : 1 });
        }
      }),
    );
  });
});

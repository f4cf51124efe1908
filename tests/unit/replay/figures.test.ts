import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differencesBetween } from '../../../src/cli/replay/comparison.ts';
import { figuresOf } from '../../../src/cli/replay/figures.ts';
import { differencesFromPublished } from '../../../src/cli/replay/published.ts';
import { schedule } from '../../../src/cli/replay/schedule.ts';
import { createTally } from '../../../src/cli/replay/tally.ts';
import type { Outcome, Totals } from '../../../src/cli/replay/totals.ts';
import { nightsOf } from '../../../src/kernel/dates.ts';
import { demand, HEADER, lineOf, lineWith } from './demand.ts';

const figuresWith = (...changes: Record<string, string>[]) => figuresOf([HEADER, ...changes.map(lineWith)]);

describe('figures of the file', () => {
  it('count rows by hotel, status and refusal', async () => {
    const cancelled = { is_canceled: '1', reservation_status: 'Canceled' };
    const none = { stays_in_week_nights: '0' };
    const { outcomes } = await figuresWith(
      {},
      { ...cancelled, hotel: 'City Hotel' },
      { ...none, adults: '0' },
      none,
      { adults: '0', children: 'NA' },
      { adults: '0', children: '1' },
      { adr: '-6.38' },
    );
    expect(outcomes).toEqual<Outcome[]>([
      {
        hotel: 'resort',
        status: 'Check-Out',
        accepted: 2,
        refused: new Map([
          ['no_nights', 2],
          ['no_guests', 1],
          ['negative_rate', 1],
        ]),
      },
      { hotel: 'city', status: 'Canceled', accepted: 1, refused: new Map() },
    ]);
  });

  it('split a stay by the month of each night, over leap days and new year, at the rate in cents', async () => {
    const leap = { stays_in_weekend_nights: '2', stays_in_week_nights: '2', adr: '79.5' };
    const newYear = {
      arrival_date_month: 'December',
      arrival_date_day_of_month: '31',
      stays_in_week_nights: '2',
      adr: '1.005',
    };
    const { months } = await figuresWith(leap, { ...newYear, arrival_date_year: '2015' });
    const part = { hotel: 'resort', status: 'Check-Out' };
    expect(months).toEqual([
      { ...part, month: '2016-02', nights: 2, revenue: 15_900 },
      { ...part, month: '2016-03', nights: 2, revenue: 15_900 },
      { ...part, month: '2015-12', nights: 1, revenue: 101 },
      { ...part, month: '2016-01', nights: 1, revenue: 101 },
    ]);
  });

  it('plan nothing for a refused row, also one for which there is no room', async () => {
    const figures = await figuresOf([HEADER, lineWith({ adr: '-1' }), lineWith()], new Set([1, 2]));
    expect(figures.months).toEqual([]);
    expect([...(figures.outcomes[0]?.refused ?? [])]).toEqual([
      ['negative_rate', 1],
      ['no_rooms', 1],
    ]);
  });

  it.each([
    ['hotel', 'Beach Hotel'],
    ['arrival_date_month', 'Brumaire'],
    ['adults', ''],
    ['adr', 'free'],
    ['reservation_status', 'Gone'],
  ])('fail on a line whose %s is "%s", and name the line', async (column, text) => {
    await expect(figuresWith({}, { [column]: text })).rejects.toThrow(`line 3: ${column} is '${text}'`);
  });

  it("agree with the nights of the schedule's bookings, added up by other code", async () => {
    await fc.assert(
      fc.asyncProperty(demand, async (rows) => {
        const tally = createTally();
        for (const { bookings } of schedule(rows)) {
          for (const { row, refusal } of bookings) {
            const nights = nightsOf(row.arrival, row.departure).map((night) => ({ night, amount: row.rate }));
            if (refusal) tally.refused(row.hotel, row.status, refusal);
            else tally.accepted(row.hotel, row.status, nights);
          }
        }
        const figures = await figuresOf([HEADER, ...rows.map(lineOf)]);
        expect(differencesBetween(tally.totals(), figures)).toEqual([]);
      }),
    );
  });
});

describe('the published figures', () => {
  const published: Totals<'no_nights' | 'no_guests' | 'negative_rate'> = {
    months: [],
    outcomes: [
      {
        hotel: 'resort',
        status: 'Check-Out',
        accepted: 28_938 - 383,
        refused: new Map([
          ['no_nights', 372],
          ['no_guests', 10],
          ['negative_rate', 1],
        ]),
      },
      { hotel: 'resort', status: 'Canceled', accepted: 10_831, refused: new Map() },
      { hotel: 'resort', status: 'No-Show', accepted: 291, refused: new Map() },
      {
        hotel: 'city',
        status: 'Check-Out',
        accepted: 46_228 - 443,
        refused: new Map([
          ['no_nights', 343],
          ['no_guests', 100],
        ]),
      },
      { hotel: 'city', status: 'Canceled', accepted: 32_186, refused: new Map() },
      { hotel: 'city', status: 'No-Show', accepted: 916, refused: new Map() },
    ],
  };

  it('are met by figures that add up to them', () => {
    expect(differencesFromPublished(published)).toEqual([]);
  });

  it('are missed by name when rows or refusals are missing', async () => {
    expect(differencesFromPublished({ ...published, outcomes: published.outcomes.slice(1) })).toEqual([
      { what: 'resort, Check-Out: rows of the file', expected: 28_938, found: 0 },
      { what: 'no_nights: rows of the file', expected: 715, found: 343 },
      { what: 'no_guests: rows of the file', expected: 110, found: 100 },
      { what: 'negative_rate: rows of the file', expected: 1, found: 0 },
    ]);
  });
});

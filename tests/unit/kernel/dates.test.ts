import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween, isLocalDate, nightsOf, weekdayOf } from '../../../src/kernel/dates.ts';
import { localDates } from '../arbitrary-dates.ts';

const days = fc.integer({ min: -3000, max: 3000 });
const plain = (date: string) => Temporal.PlainDate.from(date);

describe('local dates', () => {
  it('adding days and counting days undo each other', () => {
    fc.assert(
      fc.property(localDates, days, (date, n) => {
        expect(daysBetween(date, addDays(date, n))).toBe(n);
        expect(addDays(addDays(date, n), -n)).toBe(date);
      }),
    );
    fc.assert(fc.property(localDates, localDates, (a, b) => addDays(a, daysBetween(a, b)) === b));
  });

  it('day arithmetic and weekdays are those of the Gregorian calendar', () => {
    fc.assert(
      fc.property(localDates, localDates, days, (a, b, n) => {
        expect(addDays(a, n)).toBe(plain(a).add({ days: n }).toString());
        expect(daysBetween(a, b)).toBe(plain(a).until(plain(b), { largestUnit: 'days' }).days);
        expect(weekdayOf(a)).toBe(plain(a).dayOfWeek);
      }),
      { numRuns: 500 },
    );
  });

  it('text order is calendar order', () => {
    fc.assert(fc.property(localDates, localDates, (a, b) => a < b === daysBetween(a, b) > 0));
  });

  it('a stay has its arrival night, not its departure night, each night once and in order', () => {
    fc.assert(
      fc.property(localDates, fc.integer({ min: -3, max: 400 }), (arrival, length) => {
        const nights = nightsOf(arrival, addDays(arrival, length));
        expect(nights).toEqual(Array.from({ length: Math.max(0, length) }, (_, i) => addDays(arrival, i)));
        expect(nights).not.toContain(addDays(arrival, length));
      }),
    );
  });

  it('every real day of 1900 to 2999 is a local date', () => {
    fc.assert(fc.property(localDates, (date) => isLocalDate(date)));
    expect(['1900-01-01', '2999-12-31', '2000-02-29', '2024-02-29'].filter((d) => !isLocalDate(d))).toEqual([]);
  });

  it('an impossible day is not a local date', () => {
    const two = (n: number) => String(n).padStart(2, '0');
    const shapes = fc.tuple(
      fc.integer({ min: 1890, max: 3010 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
    );
    fc.assert(
      fc.property(shapes, ([year, month, day]) => {
        const real = month >= 1 && month <= 12 && day >= 1 && day <= plain(`${year}-${two(month)}-01`).daysInMonth;
        expect(isLocalDate(`${year}-${two(month)}-${two(day)}`)).toBe(real && year >= 1900 && year <= 2999);
      }),
      { numRuns: 1000 },
    );
    expect(['1899-12-31', '3000-01-01', '2025-02-29', '1900-02-29', '2025-04-31'].filter(isLocalDate)).toEqual([]);
  });

  it('an instant, a padded or a partial date is not a local date', () => {
    const wrap = fc.constantFrom(
      (d: string) => `${d}T00:00:00Z`,
      (d: string) => `${d}T00:00`,
      (d: string) => `${d}Z`,
      (d: string) => ` ${d}`,
      (d: string) => `${d}\n`,
      (d: string) => `+00${d}`,
      (d: string) => d.slice(0, 7),
      (d: string) => d.replaceAll('-', ''),
      (d: string) => d.replaceAll('-', '/'),
      (d: string) => String(Date.parse(d)),
    );
    fc.assert(fc.property(localDates, wrap, (date, spoil) => !isLocalDate(spoil(date))));
    fc.assert(fc.property(fc.string(), (text) => !isLocalDate(text)));
  });
});

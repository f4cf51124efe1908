import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, businessDateAt, instantOf, isTimeZone, localDateAt } from '../../../src/kernel/dates.ts';
import { instantsNearClockChanges, localDates, timesOfDay, timeZones } from '../arbitrary-dates.ts';

const HOUR = 3_600_000;
const utc = (text: string) => Date.parse(text);

/** What a clock on the wall shows, as minutes of 'YYYY-MM-DDTHH:MM', read from Intl rather than Temporal. */
const wallClock = (timeZone: string) => {
  const format = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return (ms: number) => format.format(ms).replace(' ', 'T');
};

const zoneAndInstant = timeZones.chain((zone) => fc.tuple(fc.constant(zone), instantsNearClockChanges(zone)));

describe('property-local time', () => {
  it('the local date of an instant is the date on the wall there', () => {
    fc.assert(
      fc.property(zoneAndInstant, ([zone, ms]) => {
        expect(localDateAt(ms, zone)).toBe(wallClock(zone)(ms).slice(0, 10));
      }),
    );
  });

  it('a local time is the first instant at which the wall shows it, and moves forward over a gap', () => {
    fc.assert(
      fc.property(zoneAndInstant, ([zone, near]) => {
        const shows = wallClock(zone);
        const wall = new Date(near).toISOString().slice(0, 16);
        const asIfUtc = utc(`${wall}Z`);
        const offsetAt = (ms: number) => utc(`${shows(ms)}Z`) - ms;
        const before = offsetAt(asIfUtc - 30 * HOUR);
        const after = offsetAt(asIfUtc + 30 * HOUR);
        const shown = [asIfUtc - before, asIfUtc - after].filter((ms) => shows(ms) === wall);
        const expected = shown.length > 0 ? Math.min(...shown) : asIfUtc - before;
        expect(instantOf(wall.slice(0, 10), wall.slice(11), zone)).toBe(expected);
      }),
      { numRuns: 500 },
    );
    expect(instantOf('2025-03-30', '02:30', 'Europe/Berlin')).toBe(utc('2025-03-30T01:30:00Z'));
    expect(instantOf('2025-10-26', '02:30', 'Europe/Berlin')).toBe(utc('2025-10-26T00:30:00Z'));
  });

  it('a walk-in before the day starts arrives on the date before, on every day of the year', () => {
    fc.assert(
      fc.property(localDates, timesOfDay, timesOfDay, (date, time, dayStartsAt) => {
        const expected = time < dayStartsAt ? addDays(date, -1) : date;
        expect(businessDateAt(instantOf(date, time, 'UTC'), 'UTC', dayStartsAt)).toBe(expected);
      }),
    );
    expect(businessDateAt(utc('2026-07-02T23:30:00Z'), 'Europe/Berlin', '06:00')).toBe('2026-07-02');
  });

  it('the business date never goes back, also when the clocks do', () => {
    const span = fc.integer({ min: 0, max: 2 * HOUR });
    fc.assert(
      fc.property(zoneAndInstant, span, span, ([zone, ms], later, startLater) => {
        const dayStartsAt = wallClock(zone)(ms + startLater).slice(11);
        const first = businessDateAt(ms, zone, dayStartsAt);
        expect(businessDateAt(ms + later, zone, dayStartsAt) >= first).toBe(true);
      }),
      { numRuns: 1000 },
    );
    expect(businessDateAt(utc('2025-10-26T00:45:00Z'), 'Europe/Berlin', '02:30')).toBe('2025-10-26');
    expect(businessDateAt(utc('2025-10-26T01:15:00Z'), 'Europe/Berlin', '02:30')).toBe('2025-10-26');
  });

  it('a business day begins at the instant of its start time, on days of 23, 24 and 25 hours', () => {
    const beforeNoon = timesOfDay.filter((time) => time < '12:00');
    fc.assert(
      fc.property(zoneAndInstant, beforeNoon, ([zone, ms], dayStartsAt) => {
        const date = localDateAt(ms, zone);
        const start = instantOf(date, dayStartsAt, zone);
        expect(businessDateAt(start, zone, dayStartsAt)).toBe(date);
        expect(businessDateAt(start - 1, zone, dayStartsAt)).toBe(addDays(date, -1));
      }),
      { numRuns: 500 },
    );
  });

  it('a time zone is an IANA name, not an offset', () => {
    expect(['Europe/Berlin', 'UTC', 'Asia/Kathmandu'].filter(isTimeZone)).toHaveLength(3);
    expect(['', '+01:00', 'Europe/Atlantis', 'Berlin', ' UTC'].filter(isTimeZone)).toEqual([]);
  });
});

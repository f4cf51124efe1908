import fc from 'fast-check';
import { addDays, daysBetween, type LocalDate } from '../../src/kernel/dates.ts';

const FIRST = '1900-01-01';
const LAST_OFFSET = daysBetween(FIRST, '2999-12-31');

/** Any day of 1900 to 2999, leap days and ends of months more often than chance. */
export const localDates: fc.Arbitrary<LocalDate> = fc.oneof(
  fc.integer({ min: 0, max: LAST_OFFSET }).map((days) => addDays(FIRST, days)),
  fc
    .tuple(fc.integer({ min: 1900, max: 2998 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: -1, max: 1 }))
    .map(([year, month, days]) => addDays(`${year}-${String(month).padStart(2, '0')}-01`, days))
    .filter((date) => date >= FIRST),
  fc.integer({ min: 475, max: 749 }).map((n) => addDays(`${4 * n}-02-28`, 1)),
);

/** Zones with whole-hour, half-hour and midnight clock changes, a skipped history day, odd offsets and none at all. */
export const timeZones = fc.constantFrom(
  'Europe/Berlin',
  'America/New_York',
  'America/Havana',
  'America/Nuuk',
  'America/St_Johns',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'UTC',
);

/** 'HH:MM', half of them in the small hours, when clocks change. */
export const timesOfDay = fc
  .tuple(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 23 })), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);

const HOUR = 3_600_000;
const FROM_2015 = Date.UTC(2015, 0, 1);
const TO_2035 = Date.UTC(2035, 0, 1);

/** Instants in milliseconds of 2015 to 2034 around a clock change of the zone: half within two hours, half within a day. */
export const instantsNearClockChanges = (timeZone: string): fc.Arbitrary<number> =>
  fc
    .tuple(
      fc.integer({ min: FROM_2015, max: TO_2035 }),
      fc.oneof(fc.integer({ min: -2 * HOUR, max: 2 * HOUR }), fc.integer({ min: -24 * HOUR, max: 24 * HOUR })),
    )
    .map(([ms, distance]) => nextClockChange(ms, timeZone) + distance);

/** The zone's next clock change after the instant, in milliseconds; the instant itself when there is none. */
export const nextClockChange = (ms: number, timeZone: string): number =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).getTimeZoneTransition('next')
    ?.epochMilliseconds ?? ms;

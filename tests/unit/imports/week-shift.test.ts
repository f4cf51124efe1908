import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withinLastWeek } from '../../../src/features/imports/week-shift.ts';
import { daysBetween, weekdayOf } from '../../../src/kernel/dates.ts';
import { localDates } from '../arbitrary-dates.ts';

it('moves a date onto the last seven days and keeps its weekday, from before and from after', () => {
  fc.assert(
    fc.property(localDates, localDates, (first, today) => {
      const moved = withinLastWeek(first, today);
      expect(weekdayOf(moved)).toBe(weekdayOf(first));
      expect(daysBetween(moved, today)).toBeGreaterThanOrEqual(0);
      expect(daysBetween(moved, today)).toBeLessThan(7);
    }),
  );
});

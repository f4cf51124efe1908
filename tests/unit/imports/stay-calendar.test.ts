import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Nights } from '../../../src/features/imports/listing-calendars.ts';
import { stayCalendarOf } from '../../../src/features/imports/stay-calendar.ts';
import { addDays, daysBetween, nightsOf } from '../../../src/kernel/dates.ts';

const FIRST = '2026-02-28';

const night = fc.record({
  available: fc.boolean(),
  price: fc.option(fc.integer({ min: 1, max: 50_000 })),
  minStay: fc.constant(1),
  maxStay: fc.constant(null),
});
const nights: fc.Arbitrary<Nights> = fc.array(fc.option(night, { nil: undefined }), { maxLength: 40 });
const dates = fc.record({
  first: fc.constant(FIRST),
  today: fc.integer({ min: -60, max: 60 }).map((days) => addDays(FIRST, days)),
  horizonDays: fc.integer({ min: 0, max: 30 }),
});

const blockedDates = (given: Nights) =>
  given.flatMap((one, day) => (one?.available === false ? [addDays(FIRST, day)] : []));

describe('what a calendar becomes', () => {
  it('blocks exactly the nights that are not available, in its blocks as in its inventory', () => {
    fc.assert(
      fc.property(nights, dates, (given, setting) => {
        const { blocks, inventory } = stayCalendarOf(given, setting);
        expect(blocks.flatMap(({ from, until }) => nightsOf(from, until))).toEqual(blockedDates(given));
        const counted = inventory.flatMap((span) =>
          span.nights.flatMap((blocked, at) => (blocked === 1 ? [addDays(span.from, at)] : [])),
        );
        expect(counted.sort()).toEqual(blockedDates(given));
      }),
    );
  });

  it('never has two blocks that meet', () => {
    fc.assert(
      fc.property(nights, dates, (given, setting) => {
        const { blocks } = stayCalendarOf(given, setting);
        const meeting = blocks.slice(1).filter(({ from }, at) => from <= (blocks[at]?.until ?? ''));
        expect(meeting).toEqual([]);
      }),
    );
  });

  it('opens the nights from its first to its last and those of the horizon, none twice', () => {
    fc.assert(
      fc.property(nights, dates, (given, setting) => {
        const { inventory } = stayCalendarOf(given, setting);
        const opened = inventory.flatMap((span) => nightsOf(span.from, addDays(span.from, span.nights.length)));
        const start = given.findIndex((one) => one !== undefined);
        const own = start < 0 ? [] : nightsOf(addDays(FIRST, start), addDays(FIRST, given.length));
        const horizon = nightsOf(setting.today, addDays(setting.today, setting.horizonDays));
        expect(new Set(opened)).toEqual(new Set([...own, ...horizon]));
        expect(opened).toHaveLength(new Set(opened).size);
      }),
    );
  });

  it('says until when nights from today on are open, so that the horizon can go on from there', () => {
    fc.assert(
      fc.property(nights, dates, (given, setting) => {
        const { inventory, inventoryUntil } = stayCalendarOf(given, setting);
        const opened = new Set(
          inventory.flatMap((span) => nightsOf(span.from, addDays(span.from, span.nights.length))),
        );
        const days = daysBetween(setting.today, inventoryUntil);
        for (let day = 0; day < days; day++) expect(opened).toContain(addDays(setting.today, day));
        expect(opened).not.toContain(addDays(setting.today, days));
      }),
    );
  });

  it('has the lowest price from today on, and prices where they were given', () => {
    fc.assert(
      fc.property(nights, dates, (given, setting) => {
        const { rates, priceFrom } = stayCalendarOf(given, setting);
        const ahead = given.flatMap((one, day) =>
          one?.price != null && addDays(FIRST, day) >= setting.today ? [one.price] : [],
        );
        expect(priceFrom).toBe(ahead.length > 0 ? Math.min(...ahead) : null);
        const start = rates ? daysBetween(FIRST, rates.from) : 0;
        expect(rates?.nights ?? []).toEqual(rates ? given.slice(start) : []);
        expect(given.slice(0, start).every((one) => one === undefined)).toBe(true);
      }),
    );
  });
});

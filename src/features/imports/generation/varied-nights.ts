import type { CalendarNight } from '../calendar-row.ts';
import type { Nights } from '../listing-calendars.ts';
import { type Random, wholeBetween } from './seeded-random.ts';

const WEEK = 7;
/** The nights from Friday and from Saturday on, by days after a Monday. */
const WEEKEND: ReadonlySet<number> = new Set([4, 5]);
/** Share of unavailable stretches that are free here. */
const FREED = 0.25;
/** Share of weeks in which a stretch more is taken. */
const TAKEN = 0.1;
/** Share of properties that have a least stay of their own, and of those that want two nights from a Friday or Saturday. */
const OWN_LEAST_STAY = 0.2;
const LONG_WEEKENDS = 0.15;

/** Moves what is said of nights by whole weeks round the year, so that each stays on its weekday. */
const moved = (nights: Nights, weeks: number): Nights => {
  const whole = nights.length - (nights.length % WEEK);
  return nights.map((night, day) => (day < whole ? nights[(day + weeks * WEEK) % whole] : night));
};

/** Which nights are available: the listing's, with some stretches freed and others taken. */
const availability = (nights: Nights, random: Random): boolean[] => {
  let isFreed = false;
  const available = nights.map((night, day) => {
    const isFree = night?.available ?? false;
    const begins = !isFree && (day === 0 || nights[day - 1]?.available !== false);
    if (begins) isFreed = random() < FREED;
    return isFree || isFreed;
  });
  for (let week = 0; week < nights.length; week += WEEK) {
    if (random() >= TAKEN) continue;
    const from = week + wholeBetween(random, 0, WEEK);
    available.fill(false, from, Math.min(nights.length, from + wholeBetween(random, 1, 6)));
  }
  return available;
};

const medianPrice = (nights: Nights): number => {
  const prices = nights.flatMap((night) => (night?.price ? [night.price] : [])).sort((a, b) => a - b);
  return prices[prices.length >> 1] ?? 10_000;
};

/**
 * A property's nights made from a listing's: prices at another level, dearer weekends, other stretches taken, other stay limits.
 * `weekday` is that of the first night, 1 on Monday; prices are whole units of a currency of two digits, above zero.
 */
export const variedNights = (listing: Nights, weekday: number, priceLevel: number, random: Random): Nights => {
  const nights = moved(listing, wholeBetween(random, 0, 52));
  const level = priceLevel * (0.7 + 0.7 * random());
  const weekendLevel = 1 + 0.3 * random();
  const leastStay = random() < OWN_LEAST_STAY ? wholeBetween(random, 1, 6) : null;
  const hasLongWeekends = random() < LONG_WEEKENDS;
  const available = availability(nights, random);
  const usualPrice = medianPrice(nights);
  return nights.map((night, day): CalendarNight | undefined => {
    if (!night) return undefined;
    const isWeekend = WEEKEND.has((weekday - 1 + day) % WEEK);
    const price = (night.price ?? usualPrice) * level * (isWeekend ? weekendLevel : 1) * (0.97 + 0.06 * random());
    const minStay = Math.max(leastStay ?? night.minStay ?? 1, hasLongWeekends && isWeekend ? 2 : 1);
    return {
      available: available[day] === true,
      price: Math.max(100, Math.round(price / 100) * 100),
      minStay,
      maxStay: night.maxStay === null ? null : Math.max(minStay, night.maxStay),
    };
  });
};

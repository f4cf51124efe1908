import type { LimitedNights } from './columns.ts';
import { NIGHTS } from './night-window.ts';
import { LIMIT_RADIX, NIGHT_RADIX, type OfferRow } from './offer-rows.ts';
import { type NightLimits, NO_LIMITS } from './stay-limits.ts';

const ZERO = 48;
const NINE = 57;

/** Calls back with each number of an array's text, such as `{7,519}`, without making strings of them. */
const eachNumber = (text: string | null, take: (value: number) => void): void => {
  if (text === null) return;
  let value = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= ZERO && code <= NINE) value = (value < 0 ? 0 : value * 10) + (code - ZERO);
    else {
      if (value >= 0) take(value);
      value = -1;
    }
  }
};

/** Reads the nights of offers; what it answers is good until it is asked again. */
export const createNightReader = (): ((row: OfferRow) => LimitedNights) => {
  const rooms = new Uint8Array(NIGHTS);
  const prices = new Float64Array(NIGHTS);
  const isPriced = new Uint8Array(NIGHTS);
  const closedToArrival = new Uint8Array(NIGHTS);
  const closedToDeparture = new Uint8Array(NIGHTS);

  return (row) => {
    const { from } = row;
    const count = row.until - from;
    for (const column of [rooms, prices, isPriced, closedToArrival, closedToDeparture]) column.fill(0, 0, count);
    let limits: NightLimits[] | null = null;
    const limited = (): NightLimits[] => {
      limits ??= Array.from({ length: count }, () => NO_LIMITS);
      return limits;
    };
    // Most nights have the limits of the one before.
    let stayBefore = Number.NaN;
    let sameStay = NO_LIMITS;

    eachNumber(row.prices, (value) => {
      const night = (value % NIGHT_RADIX) - from;
      prices[night] = Math.floor(value / NIGHT_RADIX);
      isPriced[night] = 1;
    });
    eachNumber(row.rooms, (value) => {
      const night = (value % NIGHT_RADIX) - from;
      if (isPriced[night] === 1) rooms[night] = Math.floor(value / NIGHT_RADIX);
    });
    eachNumber(row.stays, (value) => {
      const night = (value % NIGHT_RADIX) - from;
      const packed = Math.floor(value / NIGHT_RADIX);
      closedToArrival[night] = packed & 1;
      closedToDeparture[night] = (packed >> 1) & 1;
      const stay = Math.floor(packed / 4);
      if (stay !== stayBefore) {
        sameStay = { ...NO_LIMITS, minStay: stay % LIMIT_RADIX, maxStay: Math.floor(stay / LIMIT_RADIX) };
        stayBefore = stay;
      }
      limited()[night] = sameStay;
    });
    eachNumber(row.advances, (value) => {
      const night = (value % NIGHT_RADIX) - from;
      const packed = Math.floor(value / NIGHT_RADIX);
      const nights = limited();
      const advance = { minAdvance: packed % LIMIT_RADIX, maxAdvance: Math.floor(packed / LIMIT_RADIX) };
      nights[night] = { ...(nights[night] ?? NO_LIMITS), ...advance };
    });
    return { count, rooms, prices, closedToArrival, closedToDeparture, limits };
  };
};

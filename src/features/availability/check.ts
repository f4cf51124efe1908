import type { Clock } from '../../kernel/clock.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { Party } from '../rates/index.ts';
import { loadOffers, type OfferRequest } from './offers.ts';
import { type Obstacle, quoteLines } from './quote.ts';

export interface CheckedStay {
  bookable: boolean;
  available: number;
  total: number | null;
  currency: string | null;
  obstacles: Obstacle[];
}

const unknown: CheckedStay = {
  bookable: false,
  available: 0,
  total: null,
  currency: null,
  obstacles: [{ code: 'NOT_FOUND', message: 'No such room type with this rate plan.', path: 'roomTypeId' }],
};

/** Judges each stay as if it were the only one, all from one statement; unknown ids are an obstacle of their own stay. */
export const checkStays = async (db: Sql, stays: (OfferRequest & Party)[], clock: Clock): Promise<CheckedStay[]> => {
  const offers = await loadOffers(db, stays, { nowIso: clock.nowIso() });
  return stays.map(({ adults, childAges, ...request }, index) => {
    const offer = offers[index];
    if (!offer) return unknown;
    const [line] = quoteLines([{ ...request, party: { adults, childAges } }], [offer], clock.nowMs());
    if (!line) return unknown;
    // The last entry is the departure date, whose night is not slept.
    const left = offer.nights.slice(0, -1).map(({ available }) => available ?? 0);
    return {
      bookable: line.obstacles.length === 0,
      available: Math.max(0, Math.min(...left, left.length ? Number.POSITIVE_INFINITY : 0)),
      total: line.priced?.total ?? null,
      currency: offer.property.currency,
      obstacles: line.obstacles,
    };
  });
};

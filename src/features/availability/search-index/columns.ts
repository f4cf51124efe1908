import { addDays, type LocalDate } from '../../../kernel/dates.ts';
import type { SearchInput } from '../search-schemas.ts';
import { bestFirst, type Place } from './best-first.ts';
import { Found } from './found.ts';
import { type OfferNights, SLOTS } from './offer-block.ts';
import { type OfferFacts, OfferTable } from './offer-table.ts';
import { DISTANCE_TOLERANCE_KM } from './place-filter.ts';
import { PropertyFilter } from './property-filter.ts';
import { type PropertyFacts, PropertyTable } from './property-table.ts';
import { scan } from './scan.ts';
import type { NightLimits } from './stay-limits.ts';
import { tariffsOf, wishOf } from './wish.ts';

/** An offer as the index believes it to be. */
export interface Candidate {
  propertyId: string;
  roomTypeId: string;
  ratePlanId: string;
  total: number;
  sortKey: number;
}

export interface Candidates {
  candidates: Candidate[];
  hasMore: boolean;
  /** Properties that have an offer, wherever they stand. */
  found: number;
}

/** Nights of an offer and, where one of them has any, limits of all of these nights. */
export interface LimitedNights extends OfferNights {
  limits: readonly NightLimits[] | null;
}

/** What a tenant sells from `firstNight` on, by column; all of it in memory, and nothing of it waits. */
export class SearchColumns {
  readonly firstNight: LocalDate;
  readonly properties = new PropertyTable();
  readonly offers = new OfferTable();
  readonly #filter = new PropertyFilter();
  readonly #found = new Found();

  constructor(firstNight: LocalDate) {
    this.firstNight = firstNight;
  }

  get bytes(): number {
    return this.properties.bytes + this.offers.bytes + this.#filter.bytes + this.#found.bytes;
  }

  night(offset: number): LocalDate {
    return addDays(this.firstNight, offset);
  }

  /** Takes all offers of a property off sale, until they are written again. */
  deactivate(propertyId: string): void {
    const row = this.properties.ids.rowOf(propertyId);
    if (row >= 0) this.offers.deactivate(row);
  }

  /** Writes an offer and its property, with all nights of the window. */
  setOffer(property: PropertyFacts, facts: OfferFacts, nights: LimitedNights): void {
    const offer = this.offers.set(this.properties.set(property), facts);
    this.#setNights(offer, 0, nights);
  }

  /** Writes nights of an offer from `from` on; of one that is not on sale it does nothing. */
  setNights(roomTypeId: string, ratePlanId: string, from: number, nights: LimitedNights): void {
    const offer = this.offers.find(roomTypeId, ratePlanId);
    if (offer >= 0 && this.offers.blockOf(offer).active[offer % SLOTS] === 1) this.#setNights(offer, from, nights);
  }

  /**
   * The first offers after a place, each property's cheapest; null when the columns can't tell, for nights outside of them
   * or a distance that rounding decides. By distance, those that lie a hair before the place come along.
   */
  search(input: SearchInput, nowMs: number, after: Place | null, most: number): Candidates | null {
    const wish = wishOf(input, this.firstNight);
    if (!wish) return null;
    const { properties, offers } = this;
    const [filter, found] = [this.#filter, this.#found];
    if (!filter.apply(properties, input, nowMs)) return null;
    found.begin(properties.ids.size);
    scan(this, filter, wish, tariffsOf(input, offers.terms.values), found);

    const { ids, ratingKey } = properties;
    const keys = { price: found.total, rating: ratingKey, distance: filter.distance }[input.sort];
    const from = after && input.sort === 'distance' ? { ...after, key: after.key - DISTANCE_TOLERANCE_KM } : after;
    const page = bestFirst(found.properties, found.count, { ids, keys, after: from, most });
    const candidates = page.properties.map((property) => {
      const offer = found.offer[property] as number;
      const [block, slot] = [offers.blockOf(offer), offer % SLOTS];
      return {
        propertyId: ids.idOf(property),
        roomTypeId: offers.roomTypes.idOf(block.roomType[slot] as number),
        ratePlanId: offers.ratePlans.idOf(block.ratePlan[slot] as number),
        total: found.total[property] as number,
        sortKey: keys[property] as number,
      };
    });
    return { candidates, hasMore: page.hasMore, found: found.count };
  }

  #setNights(offer: number, from: number, nights: LimitedNights): void {
    const [block, slot] = [this.offers.blockOf(offer), offer % SLOTS];
    block.setNights(slot, from, nights);
    const known = { start: block.limitStart[slot] as number, runs: block.limitRuns[slot] as number };
    if (known.runs === 0 && nights.limits === null) return;
    const written = this.offers.limits.writeFrom(known, from, nights.count, nights.limits);
    block.limitStart[slot] = written.start;
    block.limitRuns[slot] = written.runs;
  }
}

import type { Found } from './found.ts';
import { hasBit, type OfferBlock, type Plane, SLOTS } from './offer-block.ts';
import type { OfferTable } from './offer-table.ts';
import type { PropertyFilter } from './property-filter.ts';
import type { PropertyTable } from './property-table.ts';
import type { Tariff, Wish } from './wish.ts';

const slots = new Uint16Array(SLOTS + 1);

/** Puts the slots of accepted properties in `slots`, and answers their number. */
const acceptedSlots = ({ property }: OfferBlock, accepted: Uint8Array): number => {
  let count = 0;
  for (let slot = 0; slot < SLOTS; slot++) {
    slots[count] = slot;
    count += accepted[property[slot] as number] as number;
  }
  return count;
};

/** Puts the slots of which a word of nights has rooms enough in `slots`, and answers their number. */
const freeInWord = (plane: Plane, start: number, mask: number): number => {
  let count = 0;
  for (let slot = 0; slot < SLOTS; slot++) {
    slots[count] = slot;
    count += ((plane[start + slot] as number) & mask) === mask ? 1 : 0;
  }
  return count;
};

/** As `freeInWord`, of the slots that are in `slots` already. */
const stillFreeInWord = (plane: Plane, start: number, mask: number, among: number): number => {
  let count = 0;
  for (let k = 0; k < among; k++) {
    const slot = slots[k] as number;
    slots[count] = slot;
    count += ((plane[start + slot] as number) & mask) === mask ? 1 : 0;
  }
  return count;
};

/** Puts the slots of which every night has rooms enough in `slots`, and answers their number. Without branches where it can. */
const freeSlots = (
  block: OfferBlock,
  { accepted, isSelective }: PropertyFilter,
  { rooms, word, masks }: Wish,
): number => {
  const plane = block.rooms[rooms - 1];
  if (!plane) return 0;
  const [first = 0, ...others] = masks;
  let count = isSelective
    ? stillFreeInWord(plane, word * SLOTS, first, acceptedSlots(block, accepted))
    : freeInWord(plane, word * SLOTS, first);
  for (const [i, mask] of others.entries()) count = stillFreeInWord(plane, (word + 1 + i) * SLOTS, mask, count);
  return count;
};

/** Of the slots in `slots`, keeps those of accepted properties that are large enough for the party. */
const fittingSlots = (
  { property, maxAdults, maxChildren, maxOccupancy, active }: OfferBlock,
  { adults, children, occupancy }: Wish,
  accepted: Uint8Array,
  before: number,
): number => {
  let count = 0;
  for (let k = 0; k < before; k++) {
    const slot = slots[k] as number;
    slots[count] = slot;
    const fits =
      (maxOccupancy[slot] as number) >= occupancy &&
      (maxAdults[slot] as number) >= adults &&
      (maxChildren[slot] as number) >= children &&
      accepted[property[slot] as number] === 1 &&
      active[slot] === 1;
    count += fits ? 1 : 0;
  }
  return count;
};

/** Whether an offer comes first of two that cost the same: by room type, then plan. */
const isBefore =
  (offers: OfferTable) =>
  (offer: number, than: number): boolean => {
    const [one, other] = [offers.blockOf(offer), offers.blockOf(than)];
    const [slot, slotOfOther] = [offer % SLOTS, than % SLOTS];
    const byType = offers.roomTypes.compare(one.roomType[slot] as number, other.roomType[slotOfOther] as number);
    if (byType !== 0) return byType < 0;
    return offers.ratePlans.compare(one.ratePlan[slot] as number, other.ratePlan[slotOfOther] as number) < 0;
  };

/** Finds the cheapest offer of each accepted property, of equal ones the first by room type and plan. */
export const scan = (
  { properties, offers }: { properties: PropertyTable; offers: OfferTable },
  filter: PropertyFilter,
  wish: Wish,
  tariffOf: (code: number) => Tariff,
  found: Found,
): void => {
  const { accepted, daysAhead } = filter;
  const { from, until, nights, rooms, minTotal, maxTotal } = wish;
  const { limits } = offers;
  const isBetter = isBefore(offers);
  const scanBlock = (block: OfferBlock, firstOffer: number): void => {
    const count = fittingSlots(block, wish, accepted, freeSlots(block, filter, wish));
    const { property: propertyOf, closedToArrival, closedToDeparture, limitRuns, limitStart, terms, prices } = block;
    const [before, after] = [from * SLOTS, until * SLOTS];
    for (let k = 0; k < count; k++) {
      const slot = slots[k] as number;
      const property = propertyOf[slot] as number;
      if (closedToArrival && hasBit(closedToArrival, slot, from)) continue;
      if (closedToDeparture && hasBit(closedToDeparture, slot, until)) continue;
      const runs = limitRuns[slot] as number;
      if (runs > 0) {
        const days = daysAhead[properties.zone[property] as number] as number;
        if (!limits.allow(limitStart[slot] as number, runs, from, nights, days)) continue;
      }
      const price = (prices[after + slot] as number) - (prices[before + slot] as number);
      const tariff = tariffOf(terms[slot] as number);
      const total = tariff.isPlain ? price * rooms : tariff.total(price);
      if (total >= minTotal && total <= maxTotal) found.note(property, firstOffer + slot, total, isBetter);
    }
  };
  for (let number = 0; number < offers.blocks.length; number++) {
    const block = offers.blocks[number] as OfferBlock;
    if (filter.mayAccept(block.properties)) scanBlock(block, number * SLOTS);
  }
};

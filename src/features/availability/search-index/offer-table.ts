import type { OccupancyPricing, TaxRule } from '../../rates/index.ts';
import { type Column, grown } from './column.ts';
import { IdTable } from './id-table.ts';
import { Interned } from './interned.ts';
import { OfferBlock, SLOTS } from './offer-block.ts';
import { StayLimits } from './stay-limits.ts';

/** What turns the prices of nights into what a party pays. */
export interface Terms {
  occupancy: OccupancyPricing;
  taxes: TaxRule[];
}

/** A room type on a rate plan, but for its nights. */
export interface OfferFacts {
  roomTypeId: string;
  ratePlanId: string;
  maxAdults: number;
  maxChildren: number;
  maxOccupancy: number;
  terms: Terms;
}

const MOST_BYTE = 255;
const NONE = 0xffffffff;

const grownWith = <T extends Column>(column: T, length: number, filler: number): T => {
  const longer = grown(column, length);
  return longer === column ? column : (longer.fill(filler, column.length) as T);
};

/** Offers by number, some to a block; those of one room type hang together in a chain. */
export class OfferTable {
  readonly roomTypes = new IdTable();
  readonly ratePlans = new IdTable();
  readonly terms = new Interned<Terms>();
  readonly limits = new StayLimits();
  readonly blocks: OfferBlock[] = [];
  size = 0;
  /** The first offer of each room type, and the next one of each offer. */
  #first = new Uint32Array(1).fill(NONE);
  #next = new Uint32Array(1).fill(NONE);
  #byProperty = new Uint32Array(1).fill(NONE);
  #nextOfProperty = new Uint32Array(1).fill(NONE);

  get bytes(): number {
    const chains = [this.#first, this.#next, this.#byProperty, this.#nextOfProperty];
    const columns = chains.reduce((sum, { byteLength }) => sum + byteLength, this.terms.size * 500);
    const blocks = this.blocks.reduce((sum, { bytes }) => sum + bytes, 0);
    return columns + blocks + this.roomTypes.bytes + this.ratePlans.bytes + this.limits.bytes;
  }

  blockOf(offer: number): OfferBlock {
    return this.blocks[Math.floor(offer / SLOTS)] as OfferBlock;
  }

  /** The number of an offer, -1 where there is none. */
  find(roomTypeId: string, ratePlanId: string): number {
    const [roomType, ratePlan] = [this.roomTypes.rowOf(roomTypeId), this.ratePlans.rowOf(ratePlanId)];
    if (roomType < 0 || ratePlan < 0) return -1;
    for (let offer = this.#first[roomType] as number; offer !== NONE; offer = this.#next[offer] as number) {
      if (this.blockOf(offer).ratePlan[offer % SLOTS] === ratePlan) return offer;
    }
    return -1;
  }

  /** Writes what an offer is, new or known, and answers its number; a new one has no nights that can be sold. */
  set(property: number, facts: OfferFacts): number {
    const known = this.find(facts.roomTypeId, facts.ratePlanId);
    const offer = known < 0 ? this.#add(property, facts) : known;
    const [block, slot] = [this.blockOf(offer), offer % SLOTS];
    block.active[slot] = 1;
    block.maxAdults[slot] = Math.min(MOST_BYTE, facts.maxAdults);
    block.maxChildren[slot] = Math.min(MOST_BYTE, facts.maxChildren);
    block.maxOccupancy[slot] = Math.min(MOST_BYTE, facts.maxOccupancy);
    block.terms[slot] = this.terms.add(JSON.stringify(facts.terms), facts.terms);
    return offer;
  }

  /** Takes all offers of a property off sale, until they are written again. */
  deactivate(property: number): void {
    if (property >= this.#byProperty.length) return;
    for (
      let offer = this.#byProperty[property] as number;
      offer !== NONE;
      offer = this.#nextOfProperty[offer] as number
    ) {
      this.blockOf(offer).active[offer % SLOTS] = 0;
    }
  }

  #add(property: number, { roomTypeId, ratePlanId }: OfferFacts): number {
    const offer = this.size++;
    if (offer % SLOTS === 0) this.blocks.push(new OfferBlock());
    const [roomType, ratePlan] = [this.roomTypes.add(roomTypeId), this.ratePlans.add(ratePlanId)];
    this.#first = grownWith(this.#first, roomType + 1, NONE);
    this.#next = grownWith(this.#next, offer + 1, NONE);
    this.#byProperty = grownWith(this.#byProperty, property + 1, NONE);
    this.#nextOfProperty = grownWith(this.#nextOfProperty, offer + 1, NONE);
    this.#next[offer] = this.#first[roomType] as number;
    this.#first[roomType] = offer;
    this.#nextOfProperty[offer] = this.#byProperty[property] as number;
    this.#byProperty[property] = offer;
    const [block, slot] = [this.blockOf(offer), offer % SLOTS];
    block.property[slot] = property;
    block.properties.from = Math.min(block.properties.from, property);
    block.properties.until = Math.max(block.properties.until, property + 1);
    block.roomType[slot] = roomType;
    block.ratePlan[slot] = ratePlan;
    return offer;
  }
}

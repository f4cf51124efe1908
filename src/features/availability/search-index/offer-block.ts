import { NIGHTS, WORD_NIGHTS, WORDS } from './night-window.ts';
import type { RowRange } from './row-range.ts';

/** Offers to a block: small enough for a small tenant, large enough for a search to run through. */
export const SLOTS = 512;

/** Rooms left are known up to here; a search asks for no more at once. */
export const MOST_ROOMS = 8;

/** A bit a night and offer, by word of nights, so that a search reads few stretches of memory. */
export type Plane = Uint32Array<ArrayBuffer>;

const newPlane = (): Plane => new Uint32Array(WORDS * SLOTS);

export const hasBit = (plane: Plane, slot: number, night: number): boolean =>
  (((plane[(night >> 5) * SLOTS + slot] as number) >>> (night & 31)) & 1) === 1;

/** Sets the bits of nights whose value reaches `least`, in a plane made for the first of them. */
const putNights = (
  plane: Plane | null,
  slot: number,
  from: number,
  count: number,
  values: Uint8Array,
  least: number,
): Plane | null => {
  let written = plane;
  const until = from + count;
  for (let first = from - (from % WORD_NIGHTS); first < until; first += WORD_NIGHTS) {
    let bits = 0;
    let given = 0;
    for (let night = Math.max(from, first); night < Math.min(until, first + WORD_NIGHTS); night++) {
      const bit = 1 << (night - first);
      given |= bit;
      if ((values[night - from] as number) >= least) bits |= bit;
    }
    if (!written && bits === 0) continue;
    written ??= newPlane();
    const at = (first / WORD_NIGHTS) * SLOTS + slot;
    written[at] = ((written[at] as number) & ~given) | bits;
  }
  return written;
};

const EMPTY_PLANE_BYTES = WORDS * SLOTS * 4;
const MOST_UINT32 = 2 ** 32 - 1;

/** Nights of an offer in a row, as a search looks at them. */
export interface OfferNights {
  count: number;
  /** Rooms that can be sold, 0 to MOST_ROOMS; 0 without a price or where sale is stopped. */
  rooms: Uint8Array;
  /** Minor units; 0 without a price. */
  prices: Float64Array;
  /** 1 where no stay may begin or end. */
  closedToArrival: Uint8Array;
  closedToDeparture: Uint8Array;
}

/** Some offers, a column for each fact; nights by column, too. Planes that no offer needs are not made. */
export class OfferBlock {
  /** Among which its offers' properties are. */
  readonly properties: RowRange = { from: Number.POSITIVE_INFINITY, until: 0 };
  readonly property = new Uint32Array(SLOTS);
  readonly roomType = new Uint32Array(SLOTS);
  readonly ratePlan = new Uint32Array(SLOTS);
  readonly terms = new Uint32Array(SLOTS);
  readonly active = new Uint8Array(SLOTS);
  readonly maxAdults = new Uint8Array(SLOTS);
  readonly maxChildren = new Uint8Array(SLOTS);
  readonly maxOccupancy = new Uint8Array(SLOTS);
  readonly limitStart = new Uint32Array(SLOTS);
  readonly limitRuns = new Uint16Array(SLOTS);
  /** Sum of prices of the window's nights before each night; wide where sums need more than 32 bits. */
  prices: Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer> = new Uint32Array((NIGHTS + 1) * SLOTS);
  /** At [n - 1]: nights on which at least n rooms can be sold. */
  readonly rooms: (Plane | null)[] = Array.from({ length: MOST_ROOMS }, () => null);
  closedToArrival: Plane | null = null;
  closedToDeparture: Plane | null = null;

  get bytes(): number {
    const planes = [...this.rooms, this.closedToArrival, this.closedToDeparture].filter((plane) => plane !== null);
    return this.prices.byteLength + planes.length * EMPTY_PLANE_BYTES + SLOTS * 28;
  }

  /** The sum of prices of the nights [from, until). */
  priceOf(slot: number, from: number, until: number): number {
    return (this.prices[until * SLOTS + slot] as number) - (this.prices[from * SLOTS + slot] as number);
  }

  /** Writes the nights from `from` on. */
  setNights(slot: number, from: number, nights: OfferNights): void {
    const { count, rooms } = nights;
    let most = 0;
    for (let i = 0; i < count; i++) most = Math.max(most, rooms[i] as number);
    for (let n = 1; n <= MOST_ROOMS; n++) {
      const plane = this.rooms[n - 1] ?? null;
      if (plane || n <= most) this.rooms[n - 1] = putNights(plane, slot, from, count, rooms, n);
    }
    this.closedToArrival = putNights(this.closedToArrival, slot, from, count, nights.closedToArrival, 1);
    this.closedToDeparture = putNights(this.closedToDeparture, slot, from, count, nights.closedToDeparture, 1);
    this.#setPrices(slot, from, nights);
  }

  #setPrices(slot: number, from: number, { count, prices: given }: OfferNights): void {
    const until = from + count;
    let total = (this.prices[from * SLOTS + slot] as number) + this.priceOf(slot, until, NIGHTS);
    for (let i = 0; i < count; i++) total += given[i] as number;
    if (total > MOST_UINT32 && this.prices instanceof Uint32Array) this.prices = Float64Array.from(this.prices);
    const { prices } = this;
    const before = prices[until * SLOTS + slot] as number;
    let sum = prices[from * SLOTS + slot] as number;
    for (let i = 0; i < count; i++) {
      sum += given[i] as number;
      prices[(from + i + 1) * SLOTS + slot] = sum;
    }
    const change = sum - before;
    if (change === 0) return;
    for (let night = until + 1; night <= NIGHTS; night++) {
      prices[night * SLOTS + slot] = (prices[night * SLOTS + slot] as number) + change;
    }
  }
}

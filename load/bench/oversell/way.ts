import type { Wish } from './demand.ts';

/** A way to guard inventory. */
export interface Way {
  name: string;
  /** Tries once. False when refused for want of rooms; throws Again when the caller has to send the request once more. */
  book(wish: Wish): Promise<boolean>;
  /** How many stays were stored. */
  stays(): Promise<number>;
  /** Nights of room types with more stays than rooms, by what was stored. */
  nightsOversold(): Promise<number>;
}

/** The request lost a race, and may do better next time. */
export class Again extends Error {}

import { grown } from './column.ts';
import { NIGHTS } from './night-window.ts';

/** For how many nights and how many days ahead a stay may begin on a night. */
export interface NightLimits {
  minStay: number;
  maxStay: number;
  minAdvance: number;
  maxAdvance: number;
}

/** What stands for no limit: more than any column of the database holds. */
export const UNLIMITED = 32_767;
export const NO_LIMITS: NightLimits = { minStay: 0, maxStay: UNLIMITED, minAdvance: 0, maxAdvance: UNLIMITED };

/** First night, minStay, maxStay, minAdvance, maxAdvance. */
const RUN = 5;

/** Where an offer's runs of nights with equal limits stand; without runs it has no limits. */
export interface LimitsAt {
  start: number;
  runs: number;
}

const isSame = (one: NightLimits, other: NightLimits): boolean =>
  one === other ||
  (one.minStay === other.minStay &&
    one.maxStay === other.maxStay &&
    one.minAdvance === other.minAdvance &&
    one.maxAdvance === other.maxAdvance);

/** Runs that a place has room for: the next power of two, so that few sizes of places serve all offers. */
const roomFor = (runs: number): number => (runs === 0 ? 0 : 2 ** Math.ceil(Math.log2(runs)));

/**
 * Limits of all offers, as runs of nights, since most nights are like the one before. A place that an offer has left is given to
 * the next one that needs its size, so that it takes a few times what the offers have had at their most, however often they change.
 */
export class StayLimits {
  #pool = new Uint16Array(RUN * 16);
  #end = 0;
  /** By their room: the places that nobody has. */
  readonly #free = new Map<number, number[]>();
  #freePlaces = 0;

  get bytes(): number {
    return this.#pool.byteLength + this.#freePlaces * 8;
  }

  /** Sets the limits of nights in a row, none of them limited unless given; the others stay as they are. */
  writeFrom(at: LimitsAt, from: number, count: number, limits: readonly NightLimits[] | null): LimitsAt {
    const nights = count === NIGHTS ? new Array<NightLimits>(NIGHTS) : this.#read(at);
    for (let i = 0; i < count; i++) nights[from + i] = limits?.[i] ?? NO_LIMITS;
    return this.#write(nights, at);
  }

  /** Whether a stay of that many nights, so many days ahead, may begin on the night. */
  allow(start: number, runs: number, night: number, stay: number, daysAhead: number): boolean {
    const at = this.#runOf(start, runs, night);
    const pool = this.#pool;
    return (
      stay >= (pool[at + 1] as number) &&
      stay <= (pool[at + 2] as number) &&
      daysAhead >= (pool[at + 3] as number) &&
      (daysAhead <= (pool[at + 4] as number) || pool[at + 4] === UNLIMITED)
    );
  }

  /** Every night of the window. */
  #read({ start, runs }: LimitsAt): NightLimits[] {
    return Array.from({ length: NIGHTS }, (_, night) =>
      runs === 0 ? NO_LIMITS : this.#limitsAt(this.#runOf(start, runs, night)),
    );
  }

  #write(nights: readonly NightLimits[], known: LimitsAt): LimitsAt {
    const words: number[] = [];
    let before: NightLimits = { minStay: -1, maxStay: -1, minAdvance: -1, maxAdvance: -1 };
    nights.forEach((limits, night) => {
      if (!isSame(limits, before))
        words.push(night, limits.minStay, limits.maxStay, limits.minAdvance, limits.maxAdvance);
      before = limits;
    });
    const [first = NO_LIMITS] = nights;
    const runs = words.length === RUN && isSame(first, NO_LIMITS) ? 0 : words.length / RUN;
    const start = this.#placeOf(known, runs);
    if (runs > 0) this.#pool.set(words, start);
    return { start, runs };
  }

  /** Where so many runs of an offer go: to its place, if that has the right size, else to another one. */
  #placeOf({ start, runs: former }: LimitsAt, runs: number): number {
    const [had, needed] = [roomFor(former), roomFor(runs)];
    if (had === needed) return start;
    if (had > 0) {
      const free = this.#free.get(had) ?? [];
      this.#free.set(had, free);
      free.push(start);
      this.#freePlaces += 1;
    }
    if (needed === 0) return 0;
    const left = this.#free.get(needed)?.pop();
    if (left !== undefined) {
      this.#freePlaces -= 1;
      return left;
    }
    const at = this.#end;
    this.#end += needed * RUN;
    this.#pool = grown(this.#pool, this.#end);
    return at;
  }

  #limitsAt(at: number): NightLimits {
    const [minStay = 0, maxStay = 0, minAdvance = 0, maxAdvance = 0] = this.#pool.subarray(at + 1, at + RUN);
    return { minStay, maxStay, minAdvance, maxAdvance };
  }

  /** The last run that begins by this night. */
  #runOf(start: number, runs: number, night: number): number {
    let [low, high] = [0, runs - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#pool[start + middle * RUN] as number) <= night) low = middle;
      else high = middle - 1;
    }
    return start + low * RUN;
  }
}

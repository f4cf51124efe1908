/** The only source of "now". Every expiry, business date and policy, SQL's included, is given an instant from here. */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** The same instant as an ISO 8601 string in UTC with milliseconds. */
  nowIso(): string;
}

/** A clock that stands still and is moved by hand, never backwards. */
export interface StandingClock extends Clock {
  /** Moves to `instant` (ISO 8601); throws RangeError when that lies in the past of this clock. */
  advanceTo(instant: string): void;
}

const isoOf = (ms: number) => new Date(ms).toISOString();

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  nowIso: () => isoOf(Date.now()),
};

export const standingClock = (instant: string): StandingClock => {
  let ms = Temporal.Instant.from(instant).epochMilliseconds;
  return {
    nowMs: () => ms,
    nowIso: () => isoOf(ms),
    advanceTo(next) {
      const target = Temporal.Instant.from(next).epochMilliseconds;
      if (target < ms) throw new RangeError(`the clock stands at ${isoOf(ms)} and does not go back to ${next}`);
      ms = target;
    },
  };
};

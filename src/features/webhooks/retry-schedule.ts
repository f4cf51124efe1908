const DAY_MS = 86_400_000;

/**
 * How long to wait after the `tries`-th failed try, in milliseconds: the pause of that number, spread by a tenth either way
 * (`random` from 0 to 1), and no shorter than the receiver asked for, a day at most; null when that was the last.
 */
export const pauseAfter = (
  pausesMs: readonly number[],
  tries: number,
  random: number,
  retryAfterMs: number | null,
): number | null => {
  const pause = pausesMs[tries - 1];
  if (pause === undefined) return null;
  const spread = Math.round(pause * (0.9 + random / 5));
  return Math.max(spread, Math.min(retryAfterMs ?? 0, DAY_MS));
};

/** A count loses half of its weight in this time. */
const HALF_LIFE_MS = 6 * 3_600_000;

/** A count as a number that can be compared with those of other times: see the table asked_answer. */
export const scoreOf = (count: number, atMs: number): number => Math.log2(count) + atMs / HALF_LIFE_MS;

/** What has not been asked for since so many half-lives is forgotten: three days. */
const KEPT_HALF_LIVES = 12;

/** A score below this one is that of a call that nobody asks for any more. */
export const leastScore = (atMs: number): number => scoreOf(1, atMs) - KEPT_HALF_LIVES;

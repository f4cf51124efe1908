/** Nights in an index, from its first one on: a stay of a year, and some days until it is built anew. */
export const NIGHTS = 384;

/** Nights to a word of a bit plane. */
export const WORD_NIGHTS = 32;
export const WORDS = NIGHTS / WORD_NIGHTS;

/** For the nights [from, until), the bits that each word of a plane from `word` on must have. */
export const nightMasks = (from: number, until: number): { word: number; masks: number[] } => {
  const word = Math.floor(from / WORD_NIGHTS);
  const masks: number[] = [];
  for (let first = word * WORD_NIGHTS; first < until; first += WORD_NIGHTS) {
    const low = Math.max(0, from - first);
    const high = Math.min(WORD_NIGHTS, until - first);
    const upTo = high === WORD_NIGHTS ? -1 : (1 << high) - 1;
    masks.push(upTo & ~((1 << low) - 1));
  }
  return { word, masks };
};

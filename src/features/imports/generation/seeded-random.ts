/** Numbers in [0, 1), the same ones each time for the same seed and number. */
export type Random = () => number;

const mixed = (value: number): number => {
  let mix = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
};

/** A sequence of its own for each number under a seed. */
export const seededRandom = (seed: number, number: number): Random => {
  let state = mixed(mixed(seed) + Math.imul(number, 0x9e3779b1));
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    return mixed(state) / 2 ** 32;
  };
};

/** A whole number in [from, until). */
export const wholeBetween = (random: Random, from: number, until: number): number =>
  from + Math.floor(random() * (until - from));

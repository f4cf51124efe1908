import { setTimeout as delay } from 'node:timers/promises';

const FIRST_MS = 5;
const LONGEST_MS = 200;

/** Milliseconds to wait after so many failures, from 1: exponential with full jitter. `fraction` is at least 0, below 1. */
export const backoffMs = (failures: number, fraction: number): number =>
  Math.floor(fraction * Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1)));

/** Waits before another try, so that those who lost one race don't meet again at once. */
export const backOff = async (failures: number, random: () => number = Math.random): Promise<void> => {
  await delay(backoffMs(failures, random()));
};

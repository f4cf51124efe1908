/** What the client takes from outside besides the network. */
export interface Seams {
  /** At least 0, below 1. */
  random(): number;
  /** A new idempotency key. */
  newKey(): string;
  /** Runs `task` once after `ms` milliseconds, unless the answered function is called before. */
  startTimer(ms: number, task: () => void): () => void;
}

/** 128 random bits. `crypto.randomUUID` is missing where a page came over plain HTTP; this works there too. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

export const systemSeams: Seams = {
  random: () => Math.random(),
  newKey,
  startTimer(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

import { setTimeout as delay } from 'node:timers/promises';
import { MOST_WISHES, wish } from './demand.ts';
import { Again, type Way } from './way.ts';

const LONGEST_PAUSE_MS = 20;

export interface Round {
  /** Requests answered a second, booked or refused. */
  rate: number;
  /** Milliseconds to each answer, with all retries; those that had none when the round was over count up to there. */
  times: number[];
  retries: number;
  /** How many of the requests were told that they have their stay. */
  booked: number;
}

/** Lets `clients` ask a way for rooms, each one request after the other, from the wish that `next` gives on, for `ms`. */
export const contend = async (way: Way, clients: number, ms: number, next: () => number): Promise<Round> => {
  const times: number[] = [];
  let retries = 0;
  let booked = 0;
  const startedAt = performance.now();
  const isOver = () => performance.now() - startedAt >= ms;
  let unanswered = 0;
  const answered = async (n: number): Promise<void> => {
    const asked = wish(n);
    for (let tries = 1; ; tries++) {
      try {
        if (await way.book(asked)) booked += 1;
        return;
      } catch (error) {
        if (!(error instanceof Again)) throw error;
        retries += 1;
        if (isOver()) {
          unanswered += 1;
          return;
        }
        await delay(Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** tries));
      }
    }
  };
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (!isOver()) {
        const n = next();
        if (n >= MOST_WISHES) return;
        const askedAt = performance.now();
        await answered(n);
        times.push(performance.now() - askedAt);
      }
    }),
  );
  return { rate: ((times.length - unanswered) * 1_000) / (performance.now() - startedAt), times, retries, booked };
};

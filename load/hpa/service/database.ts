import { bestConnections, rateOfProcessor } from '../measured.ts';

export interface Database {
  /** Statements a second with so many connections at work. */
  rate(connections: number): number;
  /** How many are at work when so many statements a second are asked of at most `connections`; null where these don't do. */
  atWork(statements: number, connections: number): number | null;
}

const STEPS = 30;

/** A database with so many processors' worth of capacity; in a brown-out it has fewer. */
export const createDatabase = (processors: number): Database => {
  const rate = (connections: number): number => processors * rateOfProcessor(connections / processors);
  return {
    rate,
    atWork(statements, connections) {
      // What these can't do more can't either.
      let high = Math.min(connections, bestConnections * processors);
      if (rate(high) < statements) return null;
      let low = 0;
      for (let step = 0; step < STEPS; step++) {
        const middle = (low + high) / 2;
        if (rate(middle) < statements) low = middle;
        else high = middle;
      }
      return high;
    },
  };
};

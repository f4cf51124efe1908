/**
 * What the simulation is made of, and where it comes from. What is not measured is said to be assumed.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * Seconds of its event loop that a call takes: 0.99 ms of the server's processor for a search that no kept answer serves
 * (load/RESULTS.md, `npm run bench -- uncached-search`, Antwerp).
 */
export const CALL_SECONDS = 0.000_99;

/**
 * In flight when a pod answers nearly as many as it ever can: by the same benchmark 16 clients get an answer in 17.04 ms, which are 939 a
 * second, of the 1 010 that 0.99 ms allow. With more they only wait.
 */
export const KNEE = 16;

/** DATABASE_POOL_SIZE. */
export const CONNECTIONS_OF_POD = 10;

/** QUEUE_TIMEOUT_MS: who has waited longer is refused. */
export const PATIENCE_SECONDS = 2;

/** Assumed: scheduling, 0.8 s to start (load/RESULTS.md), a probe, and being looked up by the proxy. */
export const START_SECONDS = 15;

/** Assumed: how unlike calls are, as the deviation of the logarithm of their times. */
export const SPREAD = 0.5;

const file = z.object({
  environment: z.object({ date: z.string(), node: z.string(), postgresql: z.string(), processors: z.string() }),
  database: z.array(z.object({ connections: z.number(), rate: z.number() })).min(1),
});

export const MEASURED_FILE = new URL('measured.json', import.meta.url);

/**
 * Bookings a second that one processor of a database writes, each by one statement, over more and more connections. The figures that are
 * there come from a machine that had other work (load average 3.2) and from a caller on the same processor: their shape counts more
 * than their height. `npm run simulate:hpa -- --measure` puts better ones in their place.
 */
export const { environment, database } = file.parse(JSON.parse(readFileSync(MEASURED_FILE, 'utf8')));

/** Statements a second of one processor with so many connections at work on it. */
export const rateOfProcessor = (connections: number): number => {
  const above = database.findIndex((step) => step.connections >= connections);
  const high = database.at(above);
  if (!high || above === 0) return (high?.rate ?? Number.NaN) * (connections / (high?.connections ?? 1));
  const low = above > 0 ? database[above - 1] : undefined;
  // Beyond what was measured it is no worse.
  if (!low) return high.rate;
  const share = Math.log(connections / low.connections) / Math.log(high.connections / low.connections);
  return low.rate + share * (high.rate - low.rate);
};

/** Over so many a processor does most; more get in each other's way. */
export const bestConnections = database.reduce((best, one) => (one.rate > best.rate ? one : best)).connections;

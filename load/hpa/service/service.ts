import { CALL_SECONDS, CONNECTIONS_OF_POD, PATIENCE_SECONDS, SPREAD } from '../measured.ts';
import { createDatabase } from './database.ts';
import { normal, type Random } from './random.ts';

/** What happens in a second. */
export interface Second {
  arrived: number;
  served: number;
  /** Refused for want of a turn. */
  refused: number;
  /** Of calls that were served, in seconds: each stands for as many of them. */
  times: readonly number[];
  /** Mean time of a statement, in seconds. */
  statement: number;
  inFlight: number;
  /** Share of the time in which each event loop was busy. */
  busy: number;
}

/** Samples of the times of calls that are taken of a second. */
const SAMPLES = 12;
/** A loop that is never idle makes everyone wait without end; what does not end is refused. */
const MOST_BUSY = 0.97;

const loopSeconds = (busy: number): number => CALL_SECONDS / (1 - Math.min(busy, MOST_BUSY));

/**
 * Calls that take a turn on a pod's event loop and a statement of the database, over as many connections as the pod has. Least
 * connections are given the next call, so the pods are alike. Who finds no turn waits, and is refused when that takes too long.
 */
export const createService = (random: Random) => {
  let waiting = 0;

  const settled = (arrived: number, pods: number, processors: number) => {
    const database = createDatabase(processors);
    const connections = pods * CONNECTIONS_OF_POD;
    const atWork = waiting < 1 ? database.atWork(arrived, connections) : null;
    if (atWork !== null && arrived * CALL_SECONDS < MOST_BUSY * pods)
      return { served: arrived, statement: arrived > 0 ? atWork / arrived : 0, capacity: arrived };
    const capacity = Math.min(database.rate(connections), (MOST_BUSY * pods) / CALL_SECONDS);
    const few = database.atWork(capacity, connections);
    return {
      served: Math.min(arrived + waiting, capacity),
      // The event loops may be what does no more: then connections are not all at work.
      statement: (database.rate(connections) > capacity && few !== null ? few : connections) / capacity,
      capacity,
    };
  };

  return {
    /** A second with so many calls, on so many pods, with so many processors' worth of database. */
    pass(arrived: number, pods: number, processors: number): Second {
      if (pods === 0) return { arrived, served: 0, refused: arrived, times: [], statement: 0, inFlight: 0, busy: 0 };
      const { served, statement, capacity } = settled(arrived, pods, processors);
      const left = arrived + waiting - served;
      const refused = Math.max(0, left - capacity * PATIENCE_SECONDS);
      waiting = left - refused;
      const busy = (served * CALL_SECONDS) / pods;
      const held = statement + loopSeconds(busy);
      const waits = capacity > 0 ? waiting / capacity : 0;
      const time = () => waits + held * Math.exp(SPREAD * normal(random));
      return {
        ...{ arrived, served, refused, statement, busy },
        inFlight: served * held + waiting,
        times: served > 0 ? Array.from({ length: SAMPLES }, time) : [],
      };
    },
  };
};

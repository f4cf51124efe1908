import { expect } from 'vitest';
import type { TestDatabase } from '../../support/postgres.ts';
import { disagreements } from './agreement.ts';
import { cutConnections, sample } from './disturbances.ts';
import { behaveAsGuest, type Surroundings } from './guest.ts';
import { seeded } from './random.ts';

const SEED = 20_260_302;
const CUTS = 150;

export interface Crowd extends Surroundings {
  database: TestDatabase;
  tenantId: string;
  guests: number;
  callsEach: number;
  nowMs: () => number;
}

/** Runs what goes on beside the guests; stops everything whatever happens. */
const disturbed = async <T>({ database, tenantId }: Crowd, work: () => Promise<T>) => {
  const cutter = await cutConnections(database, CUTS);
  const sampler = sample(database, tenantId);
  try {
    const done = await work();
    return { done, samples: await sampler.stop(), cuts: await cutter.stop() };
  } finally {
    await Promise.allSettled([sampler.stop(), cutter.stop()]);
  }
};

/**
 * Lets guests fight over few rooms while connections are cut. Fails when at any sampled moment more was sold than there
 * is or verify found anything, when a guest was told what the database does not know or the other way round, when a
 * retry was told something else, or when anybody met an error that is not theirs to solve.
 */
export const expectOrderlyFight = async (crowd: Crowd): Promise<void> => {
  const { guests, callsEach } = crowd;
  const { done, samples, cuts } = await disturbed(crowd, () =>
    Promise.all(Array.from({ length: guests }, (_, index) => behaveAsGuest(crowd, seeded(SEED + index), callsEach))),
  );
  expect(samples.faults).toEqual([]);
  expect(await disagreements(crowd.database, crowd.tenantId, done, crowd.nowMs())).toEqual([]);
  expect(done.flatMap(({ contradictions }) => contradictions)).toEqual([]);
  expect(done.flatMap(({ faults }) => faults).filter((fault) => fault !== '503 DATABASE_UNAVAILABLE')).toEqual([]);

  const outcomes = done.flatMap((memory) => memory.outcomes);
  const ways = ['hold', 'create', 'confirm', 'cancel', 'replace', 'retry'];
  const refusals = ['create NOT_AVAILABLE', 'hold NOT_AVAILABLE', 'confirm HOLD_EXPIRED', 'cancel WRONG_STATE'];
  expect(outcomes).toEqual(expect.arrayContaining([...ways, ...refusals]));
  expect(samples.samples).toBeGreaterThan(5);
  expect(cuts).toBeGreaterThan(50);
};

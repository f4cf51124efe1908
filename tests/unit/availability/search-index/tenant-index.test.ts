import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createTenantIndex } from '../../../../src/features/availability/search-index/tenant-index.ts';
import { standingClock } from '../../../../src/kernel/clock.ts';
import type { ConsistencyToken } from '../../../../src/kernel/consistency-token.ts';
import type { Database } from '../../../../src/platform/db/database.ts';
import { noteRead } from '../../../../src/platform/db/position.ts';

const at = (bytes: number): ConsistencyToken => ({ timeline: '00000001', lsn: `0/${bytes.toString(16)}` });
const unused = () => Promise.reject(new Error('not used'));

/** The index of a tenant that sells nothing, on a database that is away while `isAway` says so. */
const indexOf = async () => {
  const state = { isAway: false, looksAt: [] as number[], faults: [] as unknown[], stands: 256 };
  const answers: unknown[] = ['5:5:', []];
  const database: Database = {
    transaction: unused,
    snapshot: unused,
    close: async () => {},
    async read<T>({ versions }: Parameters<Database['read']>[0]): Promise<T> {
      if (answers.length === 0) state.looksAt.push(performance.now());
      if (state.isAway) throw new Error('no database');
      noteRead(versions, at(state.stands), at(state.stands));
      return (answers.shift() ?? { events: [], moment: '5:5:' }) as T;
    },
  };
  const index = createTenantIndex({
    ...{ database, clock: standingClock('2026-03-02T12:00:00.000Z'), tenant: 'tenant', maxLagMs: 60_000 },
    ...{ fits: () => true, inTurn: (build) => build(), onFault: (error) => void state.faults.push(error) },
  });
  onTestFinished(() => index.stop());
  await expect.poll(() => index.inStep(null, 0), { interval: 1 }).not.toBeNull();
  return { index, state };
};

test('a search that a look brings into step waits for it, and others at the same time too', async () => {
  const { index, state } = await indexOf();
  state.stands = 512;
  const found = await Promise.all([1, 2, 3].map(() => index.inStep(at(512), 0)));
  expect(found.every((ready) => ready?.standing.includes.lsn === at(512).lsn)).toBe(true);
});

test('while looks fail nobody waits for them, and however many ask, they are not made more often', async () => {
  const { index, state } = await indexOf();
  state.isAway = true;
  index.wake();
  await expect.poll(() => state.faults, { interval: 1 }).toHaveLength(1);
  const begunAt = performance.now();
  for (let search = 0; search < 200; search++) expect(await index.inStep(at(512), 0)).toBeNull();
  expect(performance.now() - begunAt).toBeLessThan(400);

  const looks = state.looksAt.length;
  while (state.looksAt.length === looks) {
    index.wake();
    await index.inStep(at(512), 0);
    await nextTurn();
  }
  expect((state.looksAt[looks] ?? 0) - (state.looksAt[looks - 1] ?? 0)).toBeGreaterThan(900);
  state.isAway = false;
  state.stands = 512;
  await expect.poll(() => index.inStep(at(512), 0), { timeout: 3_000 }).not.toBeNull();
});

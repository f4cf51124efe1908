import { beforeEach, expect, test } from 'vitest';
import type { ConsistencyToken } from '../../../../src/kernel/consistency-token.ts';
import { newVersions, type Versions } from '../../../../src/kernel/versions.ts';
import { type AskedCall, createAskedCounts, createCache, createWarmer } from '../../../../src/platform/cache/index.ts';

const at: ConsistencyToken = { timeline: '00000001', lsn: '0/A' };
const KEYS = 2_000;
const IN_A_MINUTE = 600;

let nowMs: number;
/** What outlives processes: counts by call. */
let remembered: Map<string, { call: AskedCall; count: number }>;
let seed: number;
beforeEach(() => {
  nowMs = 0;
  remembered = new Map();
  seed = 42;
});

/** From 0 to 1, always the same ones. */
const lot = (): number => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed / 2_147_483_647;
};

const weights = Array.from({ length: KEYS }, (_, rank) => 1 / (rank + 1));
const total = weights.reduce((sum, weight) => sum + weight, 0);
/** Rank 1 is asked for twice as often as rank 2, and so on. */
const zipf = (): number => {
  let left = lot() * total;
  return weights.findIndex((weight) => {
    left -= weight;
    return left <= 0;
  });
};

const answering = async (own: Versions) => Object.assign(own, { includes: at, seen: at });

interface Settings {
  mostKeys?: number;
  atOnce?: number;
  isBusy?: () => boolean;
  isFollowed?: (tenant: string) => boolean;
  /** Before each answer that is filled. */
  beforeFill?: (input: string) => Promise<void>;
}

/** A process that keeps and counts, and can be warmed by what those before it have counted. */
const startProcess = ({
  mostKeys = 1_000,
  atOnce = 2,
  isBusy = () => false,
  isFollowed = () => true,
  beforeFill = async () => {},
}: Settings = {}) => {
  const cache = createCache({
    ...{ maxBytes: 10_000_000, nowMs: () => nowMs, fraction: () => 0 },
    follow: () => ({ hasTold: () => true, catchUp: async () => true, ageMs: () => 0 }),
  });
  const asked = createAskedCounts(() => nowMs);
  const callOf = (key: number | string) => ({
    ...{ type: 'property' as const, tenant: 't', key: `p ${key}`, tags: [], versions: newVersions(null) },
  });
  const filled: string[] = [];
  let underWay = 0;
  let mostUnderWay = 0;
  const warmer = createWarmer({
    ...{ asked, mostKeys, atOnce, everyMs: 300_000, isFollowed, isBusy, startTimer: () => () => {} },
    load: async (most, tenants) =>
      [...remembered.values()]
        .filter(({ call }) => tenants?.has(call.tenant) ?? true)
        .sort((a, b) => b.count - a.count)
        .slice(0, most)
        .map(({ call }) => call),
    async save(_tenant, calls) {
      for (const { count, ...call } of calls) {
        const before = remembered.get(call.input)?.count ?? 0;
        remembered.set(call.input, { call, count: before + count });
      }
    },
    async fill({ input }) {
      underWay += 1;
      mostUnderWay = Math.max(mostUnderWay, underWay);
      await beforeFill(input).finally(() => {
        underWay -= 1;
      });
      await cache.warm(callOf(input), answering);
      filled.push(input);
    },
    pause: async (ms) => {
      nowMs += ms;
    },
    onFault: (error) => {
      throw error;
    },
  });
  const ask = async (key: number) => {
    asked.note('t', 'property', `p ${key}`);
    return (await cache.get(callOf(key), answering)).outcome === 'hit';
  };
  /** Asks for each of the first keys in three minutes. */
  const askOften = async (keys: number) => {
    for (let minute = 0; minute < 3; minute++) {
      nowMs += 60_000;
      for (let key = 0; key < keys; key++) await ask(key);
    }
  };
  /** The share of hits, from 0 to 1, in a minute of requests. */
  const minute = async (): Promise<number> => {
    let hits = 0;
    for (let request = 0; request < IN_A_MINUTE; request++) {
      nowMs += 60_000 / IN_A_MINUTE;
      if (await ask(zipf())) hits += 1;
    }
    return hits / IN_A_MINUTE;
  };
  return { cache, warmer, ask, askOften, minute, filled, mostUnderWay: () => mostUnderWay };
};

test('in the minute after a restart thirty points more are answered from what was filled ahead than without it', async () => {
  const before = startProcess();
  await before.warmer.round();
  for (let minute = 1; minute <= 30; minute++) {
    await before.minute();
    if (minute % 5 === 0) await before.warmer.round();
  }
  await before.warmer.stop();

  const without = await startProcess().minute();
  seed = 43;
  const warmed = startProcess();
  expect(await warmed.warmer.round()).toBe(500);
  const withIt = await warmed.minute();
  expect(withIt - without).toBeGreaterThanOrEqual(0.3);
  expect(warmed.cache.stats().types.property).toMatchObject({ warmed: 500, hit: withIt * IN_A_MINUTE });
});

test('it fills as many keys as it may, so many at a time', async () => {
  const before = startProcess();
  await before.warmer.round();
  await before.askOften(100);
  await before.warmer.stop();
  const bounded = startProcess({ mostKeys: 30, atOnce: 3 });
  expect(await bounded.warmer.round()).toBe(30);
  expect(bounded.mostUnderWay()).toBe(3);
});

test('it gives way to requests, and goes on when there are none', async () => {
  const before = startProcess();
  await before.warmer.round();
  await before.askOften(5);
  await before.warmer.stop();
  const filledBy: number[] = [];
  const busyUntil = nowMs + 10_000;
  const giving = startProcess({
    isBusy: () => {
      filledBy.push(giving.filled.length);
      return nowMs < busyUntil;
    },
  });
  await giving.warmer.round();
  expect(nowMs).toBeGreaterThanOrEqual(busyUntil);
  expect(filledBy.filter((filled) => filled === 0).length).toBeGreaterThan(500);
  expect(giving.filled).toHaveLength(5);
});

test('later rounds fill only for tenants that were asked about since', async () => {
  const process = startProcess();
  await process.warmer.round();
  await process.askOften(1);
  expect(await process.warmer.round()).toBe(1);
  expect(await process.warmer.round()).toBe(0);
});

test('one that was never started leaves nothing behind', async () => {
  const process = startProcess();
  await process.askOften(1);
  await process.warmer.stop();
  expect(remembered.size).toBe(0);
});

const remember = (tenants: readonly string[], keys: number) => {
  for (const tenant of tenants)
    for (let key = 0; key < keys; key++) {
      const call: AskedCall = { tenant, type: 'property', path: 'p', input: `${tenant} ${key}` };
      remembered.set(call.input, { call, count: tenant === 'small' ? 1 : 100 });
    }
};

test('what others are asked for much more keeps no tenant who asks here from being filled for', async () => {
  const process = startProcess({ mostKeys: 10 });
  await process.warmer.round();
  await process.askOften(1);
  remember(['large', 'larger'], 100);
  expect(await process.warmer.round()).toBe(1);
  expect(process.filled).toEqual(['0']);
});

test('what there is no quiet time for until the next round is left out', async () => {
  remember(['t'], 5);
  const process = startProcess({ isBusy: () => true });
  expect(await process.warmer.round()).toBe(0);
  expect(nowMs).toBeLessThanOrEqual(2 * 300_000);
  expect(process.filled).toEqual([]);
});

test('a tenant whose writes can’t be followed keeps no other one waiting for long', async () => {
  remember(['lost', 'other'], 5);
  const process = startProcess({ isFollowed: (tenant) => tenant !== 'lost' });
  expect(await process.warmer.round()).toBe(5);
  expect(process.filled.every((input) => input.startsWith('other'))).toBe(true);
  expect(nowMs).toBeLessThan(30_000);
});

test('after a fault nothing more is begun, and the round ends when nothing runs any more', async () => {
  remember(['t'], 10);
  const slow = Promise.withResolvers<void>();
  let isOver = false;
  const process = startProcess({
    beforeFill: async (input) => {
      if (input === 't 0') throw new Error('the database is gone');
      await slow.promise;
    },
  });
  const round = process.warmer.round().finally(() => {
    isOver = true;
  });
  const refused = expect(round).rejects.toThrow('the database is gone');
  await new Promise(setImmediate);
  expect([isOver, process.filled]).toEqual([false, []]);
  slow.resolve();
  await refused;
  expect(process.filled).toEqual(['t 1']);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AskedCall,
  cachePolicies,
  createAskedCounts,
  leastScore,
  scoreOf,
} from '../../../../src/platform/cache/index.ts';
import { chooseToWarm } from '../../../../src/platform/cache/warming/choose.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const MOST = 2 * cachePolicies.search.warm;

/** Every call is of a moment of its own. */
const countsByTheMinute = () => {
  let calls = 0;
  return createAskedCounts(() => calls++ * MINUTE_MS);
};

test('what is asked for often is counted, however much else is asked for once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 5_000 }), (often, others) => {
      const counts = countsByTheMinute();
      const each = Math.floor(others / MOST) + 4;
      const ask = (what: string) => counts.note('t', 'search', `availability.search ${what}`);
      for (let other = 0; other < others; other++) ask(`{"other":${other}}`);
      for (let asked = 0; asked < often * each; asked++) ask(`{"often":${asked % often}}`);
      const taken = counts.take().get('t') ?? [];
      expect(taken.length).toBeLessThanOrEqual(MOST);
      const inputs = new Set(taken.map(({ input }) => input));
      for (let i = 0; i < often; i++) expect(inputs).toContain(`{"often":${i}}`);
    }),
    { numRuns: 50 },
  );
});

test('each tenant and type has its own places, and a count that was taken begins anew', () => {
  const counts = countsByTheMinute();
  for (let other = 0; other < 3 * MOST; other++) counts.note('noisy', 'search', `availability.search ${other}`);
  for (let time = 0; time < 4; time++) counts.note('quiet', 'search', 'availability.search {"city":"A B"}');
  for (let time = 0; time < 3; time++) counts.note('quiet', 'property', 'properties.get {}');
  counts.note('quiet', 'report', 'reports.revenue {}');
  counts.note('quiet', 'search', `availability.search ${'x'.repeat(1_000)}`);
  expect(counts.tenants()).toEqual(new Set(['noisy', 'quiet']));
  expect(counts.take().get('quiet')).toEqual([
    { tenant: 'quiet', type: 'search', path: 'availability.search', input: '{"city":"A B"}', count: 4 },
    { tenant: 'quiet', type: 'property', path: 'properties.get', input: '{}', count: 3 },
  ]);
  expect([counts.take().size, counts.tenants().size]).toEqual([0, 0]);
});

test('a count of six hours ago weighs half as much as one of now', () => {
  const now = Date.UTC(2026, 2, 2);
  expect(scoreOf(8, now - 6 * HOUR_MS)).toBeCloseTo(scoreOf(4, now), 6);
  expect(scoreOf(9, now - 6 * HOUR_MS)).toBeGreaterThan(scoreOf(4, now));
});

test('as many are chosen as there is room for, of a tenant and type what its policy says, of twenty tenants', () => {
  const call = (tenant: string, input: number, type: AskedCall['type'] = 'search'): AskedCall => ({
    ...{ tenant, type, path: 'p', input: String(input) },
  });
  const many = Array.from({ length: 700 }, (_, input) => call('a', input));
  const chosen = chooseToWarm([...many, call('a', 1, 'property'), call('a', 1, 'report')], 1_000);
  expect(chosen.map(({ type }) => type)).toEqual([...Array(cachePolicies.search.warm).fill('search'), 'property']);
  expect(chooseToWarm(many, 10)).toEqual(many.slice(0, 10));
  const tenants = Array.from({ length: 30 }, (_, number) => call(`tenant ${number}`, 1));
  expect(chooseToWarm([...tenants, call('tenant 0', 2)], 100)).toEqual([...tenants.slice(0, 20), call('tenant 0', 2)]);
});

test('what was asked for at fewer than three moments, however often, is told to nobody, and counted on', () => {
  let now = 0;
  const counts = createAskedCounts(() => now);
  const ask = (times: number) => {
    for (let time = 0; time < times; time++) counts.note('t', 'search', 'availability.search {"city":"Typed by one"}');
  };
  ask(50);
  now += MINUTE_MS - 1;
  ask(50);
  now += MINUTE_MS;
  ask(1);
  expect(counts.tenants()).toEqual(new Set(['t']));
  expect(counts.take()).toEqual(new Map());
  expect(counts.tenants()).toEqual(new Set());
  now += MINUTE_MS;
  ask(1);
  expect(counts.take().get('t')).toMatchObject([{ input: '{"city":"Typed by one"}', count: 102 }]);
  ask(2);
  expect(counts.take()).toEqual(new Map());
});

test('no tenant is told as asking that was left out of counting', () => {
  const counts = countsByTheMinute();
  for (let tenant = 0; tenant < 30; tenant++) counts.note(`tenant ${tenant}`, 'property', 'properties.get {}');
  expect(counts.tenants()).toEqual(new Set(Array.from({ length: 20 }, (_, index) => `tenant ${index + 10}`)));
});

test('what was asked for a few times counts for three days', () => {
  const now = Date.UTC(2026, 2, 2);
  expect(scoreOf(3, now - 72 * HOUR_MS)).toBeGreaterThan(leastScore(now));
  expect(scoreOf(3, now - 84 * HOUR_MS)).toBeLessThan(leastScore(now));
});

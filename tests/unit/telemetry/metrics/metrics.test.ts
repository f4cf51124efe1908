import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { FinishedCall } from '../../../../src/platform/telemetry/listeners.ts';
import { createMetrics, type Metrics } from '../../../../src/platform/telemetry/metrics/index.ts';
import { stubReadings } from './stub-readings.ts';

let metrics: Metrics;
const create = (changes: Partial<typeof stubReadings> = {}) => {
  metrics = createMetrics({ ...stubReadings, ...changes }, { version: '1.2.3' });
  return metrics;
};
afterEach(() => metrics.stop());

const call = (changes: Partial<FinishedCall> = {}): FinishedCall => ({
  ...{ procedure: 'availability.search', kind: 'query', code: 'OK', failed: false, cache: 'hit', milliseconds: 12 },
  ...changes,
});

const samples = (text: string) => text.split('\n').filter((line) => line && !line.startsWith('#'));

it('a process shows fewer than 3 000 series, however odd what is called and how it ends', async () => {
  const { listeners, text } = create();
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.string(), fc.boolean()), { minLength: 500 }), (calls) => {
      for (const [procedure, code, failed] of calls) listeners.onCall(call({ procedure, code, failed }));
    }),
    { numRuns: 20 },
  );
  for (let n = 0; n < 5_000; n++) {
    listeners.onCall(call({ procedure: `p${n % 700}`, code: `C${n}`, failed: n % 2 === 0 }));
  }
  const seen = samples(await text());
  expect(seen.length).toBeGreaterThan(1_500);
  expect(seen.length).toBeLessThan(3_000);
});

it('each call is counted once, also where it comes too late for a series of its own', async () => {
  const { listeners, text } = create();
  for (let n = 0; n < 3_000; n++) {
    listeners.onCall(call({ procedure: `p${n % 300}`, code: `C${n % 7}`, failed: n % 3 === 0 }));
  }
  const seen = samples(await text());
  const sum = (name: string) =>
    seen.filter((line) => line.startsWith(name)).reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
  expect(sum('innkeeper_requests_total')).toBe(3_000);
  expect(sum('innkeeper_request_duration_seconds_count')).toBe(3_000);
  expect(seen.filter((line) => line.startsWith('innkeeper_requests_total')).length).toBeLessThanOrEqual(604);
  expect(seen.filter((line) => line.startsWith('innkeeper_request_duration_seconds_count')).length).toBeLessThan(140);
});

it('what was refused counts as answered, and what is beyond a rate limit is not timed', async () => {
  const { listeners, text } = create();
  listeners.onCall(call({ code: 'SOLD_OUT' }));
  listeners.onCall(call({ code: 'RATE_LIMITED' }));
  listeners.onCall(call({ code: 'INTERNAL', failed: true, milliseconds: 700 }));
  const shown = await text();
  const labels = (outcome: string) => `{procedure="availability.search",kind="query",outcome="${outcome}"}`;
  expect(shown).toContain(`innkeeper_request_duration_seconds_count${labels('ok')} 1`);
  expect(shown).toContain(`innkeeper_request_duration_seconds_count${labels('error')} 1`);
  expect(shown).toContain(
    'innkeeper_requests_total{procedure="availability.search",code="RATE_LIMITED",cache="hit"} 1',
  );
});

it('each threshold of the objectives is a bucket, and a slow call shows the trace it is in', async () => {
  const { listeners, text } = create();
  listeners.onCall(call({ milliseconds: 700, traceId: '0af7651916cd43dd8448eb211c80319c' }));
  const shown = await text();
  const buckets = samples(shown).filter((line) => line.startsWith('innkeeper_request_duration_seconds_bucket'));
  expect(buckets.length).toBeLessThanOrEqual(11);
  for (const threshold of ['0.5', '1', '3']) {
    expect(buckets.some((line) => line.includes(`le="${threshold}"`))).toBe(true);
  }
  expect(buckets.filter((line) => line.includes('# {trace_id="0af7651916cd43dd8448eb211c80319c"} 0.7'))).toHaveLength(
    1,
  );
});

it('what is not there is not told: a limit, Redis, counts that are not known', async () => {
  const shown = await create({ counts: () => null, usesRedis: false }).text();
  const names = samples(shown).map((line) => line.split(/[ {]/)[0]);
  expect(names).not.toContain('innkeeper_redis_up');
  expect(names).not.toContain('innkeeper_holds_live');
  expect(names).toContain('innkeeper_primary_up');
});

it('counters that are read show the same total at each scrape', async () => {
  const { text } = create();
  const hits = async () =>
    samples(await text()).find((line) => line.includes('tier="redis",type="search",outcome="hit"'));
  expect(await hits()).toMatch(/ 5$/);
  expect(await hits()).toMatch(/ 5$/);
});

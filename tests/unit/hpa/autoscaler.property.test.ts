import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAutoscaler, type Limits } from '../../../load/hpa/autoscaler/autoscaler.ts';
import { type Metric, wanted } from '../../../load/hpa/autoscaler/wanted.ts';

const SYNC_SECONDS = 15;

const rate = fc.record({
  pods: fc.integer({ min: 1, max: 4 }),
  periodSeconds: fc.constantFrom(15, 30, 60, 120),
  stabilizationSeconds: fc.constantFrom(0, 15, 60, 300),
});

const limits: fc.Arbitrary<Limits> = fc
  .record({ min: fc.integer({ min: 1, max: 5 }), more: fc.nat({ max: 15 }), scaleUp: rate, scaleDown: rate })
  .map(({ min, more, ...rates }) => ({ min, max: min + more, ...rates }));

/** Spread evenly, which doubles are not. */
const hundredths = (min: number, max: number) => fc.integer({ min: min * 100, max: max * 100 }).map((n) => n / 100);
const told = fc.oneof({ weight: 3, arbitrary: hundredths(0, 1) }, hundredths(0, 40));
const value = fc.oneof({ weight: 8, arbitrary: told }, fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY));
const target = hundredths(0.2, 5);
const metric: fc.Arbitrary<Metric> = fc.oneof(
  fc.record({ type: fc.constantFrom('Value' as const, 'AverageValue' as const), value, target }),
  fc.record({
    type: fc.constant('Utilization' as const),
    pods: fc.array(fc.oneof(told, fc.constant(null)), { maxLength: 8 }),
    target,
  }),
);
const moment = fc.record({ metrics: fc.array(metric, { minLength: 1, maxLength: 3 }), unready: fc.nat({ max: 3 }) });
const moments = fc.array(moment, { minLength: 1, maxLength: 60 });

interface Look {
  at: number;
  before: number;
  after: number;
  desired: number | null;
  metrics: readonly Metric[];
}

/** What an autoscaler makes of one moment after the other, from a number of pods within its limits. */
const looks = (of: Limits, seen: readonly { metrics: Metric[]; unready: number }[], start: number): Look[] => {
  const autoscaler = createAutoscaler(of);
  let replicas = of.min + (start % (of.max - of.min + 1));
  return seen.map(({ metrics, unready }, index) => {
    const [at, before, ready] = [index * SYNC_SECONDS, replicas, Math.max(0, replicas - unready)];
    replicas = autoscaler.sync(at, before, ready, metrics);
    return { at, before, after: replicas, desired: wanted(metrics, { replicas: before, ready }), metrics };
  });
};

const check = (holds: (of: Limits, all: Look[]) => void) =>
  fc.assert(
    fc.property(limits, moments, fc.nat(), (of, seen, start) => {
      holds(of, looks(of, seen, start));
    }),
    { numRuns: 300 },
  );

it('there are never fewer pods than the minimum, nor more than the maximum', () => {
  check(({ min, max }, all) => {
    for (const { after } of all) expect(after >= min && after <= max, `${after} of ${min} to ${max}`).toBe(true);
  });
});

it('no change takes the pods further from what they were a period ago than its rate allows', () => {
  check(({ scaleUp, scaleDown }, all) => {
    for (const { at, before, after } of all) {
      const periodAgo = (seconds: number) => all.find((look) => look.at > at - seconds)?.before ?? before;
      if (after > before) expect(after - periodAgo(scaleUp.periodSeconds)).toBeLessThanOrEqual(scaleUp.pods);
      if (after < before) expect(periodAgo(scaleDown.periodSeconds) - after).toBeLessThanOrEqual(scaleDown.pods);
    }
  });
});

const isMissing = (one: Metric): boolean =>
  one.type === 'Utilization' ? one.pods.every((use) => use === null) : !Number.isFinite(one.value ?? Number.NaN);

it('no pod goes while a metric can not be told', () => {
  check((_limits, all) => {
    for (const { before, after, metrics } of all)
      if (metrics.some(isMissing)) expect(after).toBeGreaterThanOrEqual(before);
  });
});

it('no pod goes unless fewer were wanted all the while', () => {
  check(({ scaleDown }, all) => {
    for (const { at, before, after } of all) {
      if (after >= before) continue;
      const lately = all.filter((look) => look.at > at - scaleDown.stabilizationSeconds && look.at <= at);
      for (const { desired } of lately) if (desired !== null) expect(desired).toBeLessThan(before);
    }
  });
});

it('no pod comes unless more were wanted all the while', () => {
  check(({ scaleUp }, all) => {
    for (const { at, before, after } of all) {
      if (after <= before) continue;
      const lately = all.filter((look) => look.at > at - scaleUp.stabilizationSeconds && look.at <= at);
      for (const { desired } of lately) if (desired !== null) expect(desired).toBeGreaterThan(before);
    }
  });
});

it('a latency at its target keeps the pods that there are, whatever totals want fewer', () => {
  const totals = fc.array(fc.record({ share: hundredths(0, 1), target }), { maxLength: 3 });
  fc.assert(
    fc.property(
      limits,
      totals,
      fc.nat(),
      fc.array(fc.nat({ max: 3 }), { minLength: 40, maxLength: 40 }),
      (of, others, start, unready) => {
        const replicas = of.min + (start % (of.max - of.min + 1));
        const metrics: Metric[] = [
          { type: 'Value', value: 0.2, target: 0.2 },
          ...others.map(
            ({ share, target: each }): Metric => ({
              type: 'AverageValue',
              value: share * each * replicas,
              target: each,
            }),
          ),
        ];
        const autoscaler = createAutoscaler(of);
        for (const [index, missing] of unready.entries())
          expect(autoscaler.sync(index * SYNC_SECONDS, replicas, Math.max(0, replicas - missing), metrics)).toBe(
            replicas,
          );
      },
    ),
  );
});

it('what is out of its limits is brought back at once', () => {
  const rates = { pods: 1, periodSeconds: 60, stabilizationSeconds: 300 };
  const autoscaler = createAutoscaler({ min: 2, max: 6, scaleUp: rates, scaleDown: rates });
  expect(autoscaler.sync(0, 9, 9, [{ type: 'Value', value: null, target: 1 }])).toBe(6);
  expect(autoscaler.sync(15, 1, 1, [{ type: 'Value', value: null, target: 1 }])).toBe(2);
});

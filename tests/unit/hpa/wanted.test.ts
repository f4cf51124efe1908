import { describe, expect, it } from 'vitest';
import { wanted, wantedBy } from '../../../load/hpa/autoscaler/wanted.ts';

const pods = { replicas: 4, ready: 4 };

describe('Value: pods that are ready x value / target', () => {
  const value = (now: number | null, target = 0.2) => wantedBy({ type: 'Value', value: now, target }, pods);

  it('twice the target wants twice the pods, half of it half of them', () => {
    expect([value(0.4), value(0.1)]).toEqual([8, 2]);
  });

  it('within a tenth of the target it wants those that there are', () => {
    expect([value(0.2), value(0.22), value(0.18)]).toEqual([4, 4, 4]);
    expect([value(0.221), value(0.179)]).toEqual([5, 4]);
  });

  it('is multiplied by those that are ready', () => {
    expect(wantedBy({ type: 'Value', value: 0.4, target: 0.2 }, { replicas: 4, ready: 3 })).toBe(6);
  });

  it.each([null, Number.NaN, Number.POSITIVE_INFINITY])('%s says nothing', (nothing) => {
    expect(value(nothing)).toBeNull();
  });
});

describe('AverageValue: total / target', () => {
  const total = (now: number | null, replicas = 4) =>
    wantedBy({ type: 'AverageValue', value: now, target: 0.6 }, { replicas, ready: 1 });

  it('wants as many as the total is worth, whoever is ready', () => {
    expect([total(3), total(1.2), total(0)]).toEqual([5, 2, 0]);
  });

  it('within a tenth of what the pods are worth it wants those that there are', () => {
    expect([total(2.4), total(2.6), total(2.2), total(2.7)]).toEqual([4, 4, 4, 5]);
  });
});

describe('Utilization: percent that each pod uses of its request', () => {
  const use = (used: (number | null)[], replicas = used.length, ready = used.length) =>
    wantedBy({ type: 'Utilization', pods: used, target: 70 }, { replicas, ready });

  it('wants as many as bring the mean to the target', () => {
    expect(use([140, 140])).toBe(4);
    expect(use([35, 35, 35, 35])).toBe(2);
    expect(use([70, 75])).toBe(2);
  });

  it('takes pods that are not known for idle before it adds, and for busy before it takes away', () => {
    expect(use([140, null])).toBe(2);
    expect(use([210, null])).toBe(3);
    expect(use([35, null])).toBe(2);
    expect(use([7, 7, 7, null])).toBe(2);
  });

  it('takes pods that are not ready for idle before it adds, and leaves them out before it takes away', () => {
    expect(use([105, 105], 3, 2)).toBe(3);
    expect(use([210, 210], 3, 2)).toBe(6);
    expect(use([35, 35], 3, 2)).toBe(1);
  });

  it('says nothing where no pod is known', () => {
    expect(use([null, null])).toBeNull();
  });
});

describe('several metrics', () => {
  const few = { type: 'AverageValue', value: 1, target: 1 } as const;
  const many = { type: 'AverageValue', value: 7, target: 1 } as const;
  const none = { type: 'Value', value: null, target: 1 } as const;

  it('the highest decides', () => {
    expect(wanted([few, many], pods)).toBe(7);
  });

  it('one that can not be told does not keep the others from adding, but from taking away', () => {
    expect(wanted([none, many], pods)).toBe(7);
    expect(wanted([few, none], pods)).toBeNull();
    expect(wanted([none], pods)).toBeNull();
  });
});

import { expect, it } from 'vitest';
import { lanes } from '../alerts/lanes.ts';
import { promtoolOnly } from '../alerts/promtool-only.ts';
import { readRules } from './rules.ts';

const shipped = readRules().flatMap(({ alert, labels }) =>
  alert === undefined ? [] : [labels?.window === undefined ? alert : `${alert} ${labels.window}`],
);
const faults = lanes.flatMap((lane) => lane.faults);

it('every alert is fired by a fault, or said to be a matter of promtool only', () => {
  const fired = faults.flatMap(({ fires }) => fires);
  expect(new Set([...fired, ...Object.keys(promtoolOnly)])).toEqual(new Set(shipped));
});

it('what is said to be a matter of promtool only is fired by no fault', () => {
  const fired = new Set(faults.flatMap(({ fires }) => fires));
  expect(Object.keys(promtoolOnly).filter((name) => fired.has(name))).toEqual([]);
});

it('faults name alerts that there are', () => {
  const named = faults.flatMap(({ fires, inhibited = [], symptoms = [] }) => [...fires, ...inhibited, ...symptoms]);
  expect(named.filter((name) => !shipped.includes(name))).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { durationMs, scaleDuration, scaleExpression, scaleRules } from '../alerts/scaled-rules.ts';

const scale = { factor: 60, leastMs: 2_000 };

it('durations are divided, and are never shorter than the least', () => {
  expect(['1h', '1h30m', '5m', '1m', '3d', '0s'].map((text) => scaleDuration(text, scale))).toEqual([
    ...['60000ms', '90000ms', '5000ms', '2000ms', '4320000ms', '0s'],
  ]);
  expect(() => durationMs('soon')).toThrow('not a duration: soon');
});

it('windows and offsets of an expression are scaled, thresholds and names are not', () => {
  expect(
    scaleExpression('min_over_time(a[1h] offset 2h) > 36 * 3600 and job:rate5m > 30 and b[10m:1m] > 1', scale),
  ).toBe('min_over_time(a[60000ms] offset 120000ms) > 36 * 3600 and job:rate5m > 30 and b[10000ms:2000ms] > 1');
});

const folder = new URL('../../prometheus/rules/', import.meta.url);

it.each(readdirSync(folder))('of %s nothing but times is changed', (name) => {
  const text = readFileSync(new URL(name, folder), 'utf8');
  const unscaled = scaleRules(text, { factor: 1, leastMs: 0 });
  const inMs = (source: string) =>
    source.replaceAll(/\b\d+(ms|[smhdwy])\b/g, (duration) => `${durationMs(duration)}ms`);
  const withTimesInMs = (source: string): unknown =>
    JSON.parse(JSON.stringify(parse(source)), (key, value: unknown) =>
      (key === 'expr' || key === 'for') && typeof value === 'string' ? inMs(value) : value,
    );
  expect(withTimesInMs(unscaled)).toEqual(withTimesInMs(text));
  expect(scaleRules(text, scale)).not.toBe(unscaled);
});

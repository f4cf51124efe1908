import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readCgroup } from '../../../../src/platform/telemetry/metrics/cgroup.ts';

const folder = (files: Record<string, string>): string => {
  const root = mkdtempSync(join(tmpdir(), 'innkeeper-cgroup-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
};

it('version 2: the working set, limits and throttling of the container', () => {
  const root = folder({
    'memory.current': '300000000\n',
    'memory.max': '536870912\n',
    'memory.stat': 'anon 200000000\ninactive_file 50000000\nactive_file 1\n',
    'cpu.max': '150000 100000\n',
    'cpu.stat': 'usage_usec 1\nnr_periods 40\nnr_throttled 3\n',
  });
  expect(readCgroup(root)).toEqual({
    ...{ memoryLimitBytes: 536_870_912, memoryUsedBytes: 250_000_000, cpuLimitCores: 1.5 },
    ...{ periods: 40, throttledPeriods: 3 },
  });
});

it('version 1: the same', () => {
  const root = folder({
    'memory/memory.usage_in_bytes': '300000000\n',
    'memory/memory.limit_in_bytes': '536870912\n',
    'memory/memory.stat': 'cache 1\ntotal_inactive_file 50000000\n',
    'cpu/cpu.cfs_quota_us': '50000\n',
    'cpu/cpu.cfs_period_us': '100000\n',
    'cpu/cpu.stat': 'nr_periods 40\nnr_throttled 3\n',
  });
  expect(readCgroup(root)).toEqual({
    ...{ memoryLimitBytes: 536_870_912, memoryUsedBytes: 250_000_000, cpuLimitCores: 0.5 },
    ...{ periods: 40, throttledPeriods: 3 },
  });
});

it('what has no limit, and a machine without cgroups, show none', () => {
  expect(readCgroup(folder({ 'memory.current': '5', 'memory.max': 'max\n', 'cpu.max': 'max 100000\n' }))).toEqual({
    memoryUsedBytes: 5,
  });
  expect(
    readCgroup(folder({ 'memory/memory.limit_in_bytes': '9223372036854771712\n', 'cpu/cpu.cfs_quota_us': '-1\n' })),
  ).toEqual({});
  expect(readCgroup(folder({}))).toEqual({});
});

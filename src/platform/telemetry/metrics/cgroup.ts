import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the kernel says of the container; what it does not say, or does not limit, is left out. */
export interface Cgroup {
  memoryLimitBytes?: number;
  memoryUsedBytes?: number;
  cpuLimitCores?: number;
  periods?: number;
  throttledPeriods?: number;
}

/** Version 1 writes about 2^63 where there is no limit. */
const NO_LIMIT = 2 ** 60;

const numberOf = (text: string | undefined): number | undefined => {
  const value = Number(text?.trim() || Number.NaN);
  return Number.isFinite(value) ? value : undefined;
};

const limitOf = (text: string | undefined): number | undefined => {
  const value = numberOf(text);
  return value !== undefined && value >= 0 && value < NO_LIMIT ? value : undefined;
};

/** `name value` by lines, as memory.stat and cpu.stat have them. */
const fieldOf = (text: string | undefined, name: string): number | undefined =>
  numberOf(new RegExp(`^${name} (\\d+)$`, 'm').exec(text ?? '')?.[1]);

const usedOf = (usage: number | undefined, inactiveFile: number | undefined) =>
  usage === undefined ? undefined : Math.max(0, usage - (inactiveFile ?? 0));

const ratioOf = (quota: number | undefined, period: number | undefined) =>
  quota !== undefined && quota > 0 && period ? quota / period : undefined;

type Read = (file: string) => string | undefined;

const version2 = (read: Read) => {
  const [quota, period] = read('cpu.max')?.split(' ') ?? [];
  const stat = read('cpu.stat');
  return {
    memoryLimitBytes: limitOf(read('memory.max')),
    memoryUsedBytes: usedOf(numberOf(read('memory.current')), fieldOf(read('memory.stat'), 'inactive_file')),
    cpuLimitCores: ratioOf(numberOf(quota), numberOf(period)),
    periods: fieldOf(stat, 'nr_periods'),
    throttledPeriods: fieldOf(stat, 'nr_throttled'),
  };
};

const version1 = (read: Read) => {
  const stat = read('cpu/cpu.stat');
  return {
    memoryLimitBytes: limitOf(read('memory/memory.limit_in_bytes')),
    memoryUsedBytes: usedOf(
      numberOf(read('memory/memory.usage_in_bytes')),
      fieldOf(read('memory/memory.stat'), 'total_inactive_file'),
    ),
    cpuLimitCores: ratioOf(numberOf(read('cpu/cpu.cfs_quota_us')), numberOf(read('cpu/cpu.cfs_period_us'))),
    periods: fieldOf(stat, 'nr_periods'),
    throttledPeriods: fieldOf(stat, 'nr_throttled'),
  };
};

/** Reads version 2 (memory.max, cpu.max, ...) or else version 1 below `root`, by the kernel's documentation of both. */
export const readCgroup = (root = '/sys/fs/cgroup'): Cgroup => {
  const read: Read = (file) => {
    try {
      return readFileSync(join(root, file), 'utf8');
    } catch {
      return undefined;
    }
  };
  const found = read('memory.current') === undefined ? version1(read) : version2(read);
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
};

import { Counter, Gauge } from 'prom-client';
import { type Cgroup, readCgroup } from './cgroup.ts';
import type { Registers } from './registers.ts';

/** What the container may use and uses; without limits there is nothing to compare with, and its metrics are not there. */
export const containerMetrics = (registers: Registers, read: () => Cgroup = () => readCgroup()): void => {
  let last: Cgroup = {};
  new Gauge({
    name: 'innkeeper_memory_limit_bytes',
    help: 'Memory that the container may use. Not there without a limit.',
    registers,
    collect() {
      // Collected first: the others show the same moment.
      last = read();
      this.remove();
      if (last.memoryLimitBytes !== undefined) this.set(last.memoryLimitBytes);
    },
  });
  new Gauge({
    name: 'innkeeper_memory_used_bytes',
    help: 'Memory of the container without what can be given back at once (its working set).',
    registers,
    collect() {
      this.remove();
      if (last.memoryUsedBytes !== undefined) this.set(last.memoryUsedBytes);
    },
  });
  new Gauge({
    name: 'innkeeper_cpu_limit_cores',
    help: 'Processors that the container may use. Not there without a limit.',
    registers,
    collect() {
      this.remove();
      if (last.cpuLimitCores !== undefined) this.set(last.cpuLimitCores);
    },
  });
  const counter = (name: string, help: string, of: (cgroup: Cgroup) => number | undefined) =>
    new Counter({
      ...{ name, help, registers },
      collect() {
        this.reset();
        this.inc(of(last) ?? 0);
      },
    });
  counter('innkeeper_cpu_periods_total', 'Periods in which the container ran.', ({ periods }) => periods);
  counter(
    'innkeeper_cpu_throttled_periods_total',
    'Periods in which the container was stopped because it had used its processors.',
    ({ throttledPeriods }) => throttledPeriods,
  );
};

import { constants, PerformanceObserver, performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { Counter, Gauge, Histogram } from 'prom-client';
import { watchEventLoop } from '../event-loop.ts';
import type { Registers } from './registers.ts';

const GC_SECONDS = [0.001, 0.01, 0.05, 0.25];

const GC_KINDS: Record<number, string> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weak',
};

const eventLoop = (registers: Registers) => {
  const watch = watchEventLoop();
  new Gauge({
    name: 'innkeeper_event_loop_lag_seconds',
    help: 'By how much timers were late in the last 15 seconds or a little more: the 99th of a hundred, and the latest.',
    labelNames: ['quantile'],
    registers,
    collect() {
      const { lagP99Ms, lagMaxMs } = watch.latest();
      this.set({ quantile: '0.99' }, lagP99Ms / 1_000);
      this.set({ quantile: '1' }, lagMaxMs / 1_000);
    },
  });
  new Gauge({
    name: 'innkeeper_event_loop_utilization_ratio',
    help: 'Share of the last 15 seconds or a little more in which the event loop was busy.',
    registers,
    collect() {
      this.set(watch.latest().utilization);
    },
  });
  return watch;
};

/** Garbage collection, and what of the heap is alive: what is left after a major collection, the trend of a leak. */
const garbage = (registers: Registers) => {
  const duration = new Histogram({
    name: 'innkeeper_gc_duration_seconds',
    help: 'Time that collections of garbage took.',
    labelNames: ['kind'],
    buckets: GC_SECONDS,
    registers,
  });
  const alive = new Gauge({
    name: 'innkeeper_heap_alive_bytes',
    help: 'Heap in use after the last major collection.',
    registers,
  });
  alive.set(getHeapStatistics().used_heap_size);
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind } = (entry as { detail?: { kind?: number } }).detail ?? {};
      duration.observe({ kind: GC_KINDS[kind ?? -1] ?? 'other' }, entry.duration / 1_000);
      if (kind === constants.NODE_PERFORMANCE_GC_MAJOR) alive.set(getHeapStatistics().used_heap_size);
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return { stop: () => observer.disconnect() };
};

/** The process itself: event loop, garbage, heap, processor time, when it was started. */
export const runtimeMetrics = (registers: Registers, { version }: { version: string }) => {
  const loop = eventLoop(registers);
  const collections = garbage(registers);
  new Gauge({
    name: 'innkeeper_heap_bytes',
    help: 'Heap of V8: in use, held, and at most.',
    labelNames: ['state'],
    registers,
    collect() {
      const { used_heap_size: used, total_heap_size: total, heap_size_limit: limit } = getHeapStatistics();
      this.set({ state: 'used' }, used);
      this.set({ state: 'total' }, total);
      this.set({ state: 'limit' }, limit);
    },
  });
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of the process.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of the process.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  new Gauge({
    name: 'process_start_time_seconds',
    help: 'When the process was started, in seconds since 1970.',
    registers,
  }).set(performance.timeOrigin / 1_000);
  new Gauge({
    name: 'innkeeper_build_info',
    help: 'Always 1; its labels say what runs.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.versions.node }, 1);
  return {
    stop() {
      loop.stop();
      collections.stop();
    },
  };
};

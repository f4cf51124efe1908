import { Counter } from 'prom-client';
import type { Registers } from './registers.ts';

/** A counter of the process that is read, not told: it never goes back. */
export const readCounter = (
  registers: Registers,
  { name, help, labelNames }: { name: string; help: string; labelNames: string[] },
  read: (count: (labels: Record<string, string>, total: number) => void) => void,
) =>
  new Counter({
    ...{ name, help, labelNames, registers },
    collect() {
      this.reset();
      read((labels, total) => this.inc(labels, total));
    },
  });

import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Loaded into processes of the product before their own code: faults that such code could have, begun by SIGUSR2. FAULT says which.

const BUSY_MS = 400;
const PAUSE_MS = 20;
const LEAK_MS = 100;
const LEAK_BYTES_A_SECOND = 800_000;
const COLLECT_MS = 5_000;
const FILL_TO = 0.95;

const kept: unknown[] = [];

/** Whoever waits for this process waits for a busy loop most of the time. */
const blockEventLoop = () => {
  const until = performance.now() + BUSY_MS;
  while (performance.now() < until);
  setTimeout(blockEventLoop, PAUSE_MS);
};

/** Objects on the heap that nothing lets go of, while the process has other work. Where hours are minutes, major collections come more often too. */
const leak = () => {
  const count = (LEAK_BYTES_A_SECOND * LEAK_MS) / 1_000 / 8;
  setInterval(() => kept.push(Array.from({ length: count }, (_, index) => index + 0.5)), LEAK_MS).unref();
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') setInterval(() => collect(), COLLECT_MS).unref();
};

/** Memory outside the heap, until the container has nearly used up what it may. */
const fillMemory = () => {
  const numberIn = (name: string) => Number(readFileSync(`/sys/fs/cgroup/memory/memory.${name}`, 'utf8'));
  kept.push(Buffer.alloc(Math.max(0, FILL_TO * numberIn('limit_in_bytes') - numberIn('usage_in_bytes')), 1));
};

const faults: Record<string, () => void> = { leak, 'fill memory': fillMemory };

process.on('SIGUSR2', faults[process.env.FAULT ?? ''] ?? blockEventLoop);

import { setTimeout as delay } from 'node:timers/promises';

const FAST_MS = 60_000;
const IMMEDIATE_MS = 10_000;

/** Ends a server: fast (clean), immediate when that takes over a minute (recovers at its next start), then by force. */
export async function shutDown(kill: (signal: NodeJS.Signals) => void, exited: Promise<void>): Promise<void> {
  for (const [signal, patience] of [
    ['SIGINT', FAST_MS],
    ['SIGQUIT', IMMEDIATE_MS],
  ] as const) {
    kill(signal);
    if (await within(exited, patience)) return;
  }
  kill('SIGKILL');
  await exited;
}

async function within(event: Promise<void>, milliseconds: number): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      event.then(() => true),
      delay(milliseconds, false, { signal: timer.signal }).catch(() => false),
    ]);
  } finally {
    timer.abort();
  }
}

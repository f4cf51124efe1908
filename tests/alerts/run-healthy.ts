import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nameOf, startMonitoring } from './monitoring.ts';
import { type Stage, targetsOf } from './stage.ts';

const LOOK_MS = 250;
const QUIET = 'Watchdog';

/** Scaled time in which guests are at work and nothing may fire. */
export const runHealthy = async (
  stage: Stage,
  ms: number,
  { folder, signal }: { folder: string; signal: AbortSignal },
): Promise<string[]> => {
  await using opened = new AsyncDisposableStack();
  const monitoring = await startMonitoring(opened, join(stage.folder, folder), targetsOf(stage));
  const { done, failed } = stage.load;
  const fired = new Map<string, string>();
  const findings = new Set<string>();
  for (const until = performance.now() + ms; performance.now() < until; await delay(LOOK_MS, undefined, { signal })) {
    for (const alert of await monitoring.firing()) {
      const name = nameOf(alert);
      if (name !== QUIET && !fired.has(name)) fired.set(name, alert.annotations.summary ?? '');
    }
  }
  for (const [name, summary] of fired) findings.add(`${name} fires: ${summary}`);
  if (!monitoring.notifications.some((alert) => nameOf(alert) === QUIET)) findings.add('Watchdog is not told');
  if (stage.load.done - done < ms / 250) findings.add(`only ${stage.load.done - done} calls were answered`);
  if (stage.load.failed > failed) findings.add(`${stage.load.failed - failed} calls failed`);
  return [...findings];
};

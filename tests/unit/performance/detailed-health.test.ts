import { expect, test } from 'vitest';
import { standingClock } from '../../../src/kernel/clock.ts';
import { createDetailedHealth, type PartLook } from '../../../src/transport/admin/detailed-health.ts';

const NOON = '2026-03-02T12:00:00.000Z';

const create = (look: () => Record<string, PartLook>) => {
  const clock = standingClock(NOON);
  return { clock, ...createDetailedHealth({ host: 'pod-7', look, clock, timeoutMs: 50 }) };
};

test('a part that hangs or fails is degraded, and keeps the others and the answer no longer than the time-out', async () => {
  const { read } = create(() => ({
    primary: Promise.resolve(null),
    redis: new Promise<never>(() => {}),
    index: Promise.reject(new Error('secret')),
    queue: Promise.resolve('late'),
  }));
  const startedAt = performance.now();
  const { status, parts } = await read();
  expect(performance.now() - startedAt).toBeLessThan(800);
  expect(status).toBe('degraded');
  expect(parts).toMatchObject([
    { part: 'primary', state: 'ok', reason: null },
    { part: 'redis', state: 'degraded', reason: 'does not answer' },
    { part: 'index', state: 'degraded', reason: 'does not answer' },
    { part: 'queue', state: 'degraded', reason: 'late' },
  ]);
});

test('each part says since when it is in its state', async () => {
  let reason: string | null = null;
  const { clock, read } = create(() => ({ primary: Promise.resolve(reason) }));
  const part = async () => (await read()).parts[0];
  expect(await part()).toMatchObject({ state: 'ok', since: NOON });
  clock.advanceTo('2026-03-02T12:05:00.000Z');
  expect(await part()).toMatchObject({ state: 'ok', since: NOON });
  reason = 'gone';
  expect(await part()).toMatchObject({ state: 'degraded', since: '2026-03-02T12:05:00.000Z' });
});

test('whoever asks while it looks shares that look', async () => {
  let looks = 0;
  const { read } = create(() => ({ primary: Promise.resolve(looks++ ? 'again' : null) }));
  const [first, second] = await Promise.all([read(), read()]);
  expect([looks, first.status, second.status]).toEqual([1, 'ok', 'ok']);
});

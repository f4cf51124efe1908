import { afterEach, expect, test, vi } from 'vitest';
import { watchCollector } from '../../../src/compose/health.ts';

afterEach(() => vi.restoreAllMocks());

test('a collector that did not take spans is degraded for a minute', async () => {
  let now = 1_000_000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const { onExportFailed, look } = watchCollector();
  expect(await look()).toBeNull();
  onExportFailed();
  now += 59_000;
  expect(await look()).toBe('did not take spans in the last minute');
  now += 1_000;
  expect(await look()).toBeNull();
});

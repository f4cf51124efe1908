import { expect, test } from 'vitest';
import { logListeners } from '../../../src/platform/telemetry/listeners.ts';
import { createLog } from '../../../src/platform/telemetry/logs.ts';

test('what a log line costs does not grow with the square of its path', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', format: 'json', stream: { write: (line) => lines.push(line) } });
  const { onFinished } = logListeners(log, { slowRequestMs: 60_000, slowQueryMs: 60_000 });
  const path = `/trpc/${'a'.repeat(16_000)}`;
  const facts = { requestId: 'x', method: 'GET', path, status: 404, aborted: false, stream: false };
  const before = process.cpuUsage();
  for (let n = 0; n < 20; n++) onFinished({ ...facts, milliseconds: 1, statements: 0, databaseMilliseconds: 0 });
  const { user } = process.cpuUsage(before);
  expect(lines).toHaveLength(20);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ path: path.slice(0, 200) });
  expect(user / 1_000).toBeLessThan(200);
});

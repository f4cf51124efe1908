import { beforeEach, expect, test } from 'vitest';
import { parseLogLevels } from '../../../src/kernel/log-levels.ts';
import { logListeners } from '../../../src/platform/telemetry/listeners.ts';
import { createLogThresholds } from '../../../src/platform/telemetry/log-thresholds.ts';
import { createLog } from '../../../src/platform/telemetry/logs.ts';

const lines: Record<string, unknown>[] = [];
beforeEach(() => {
  lines.length = 0;
});
const open = (...levels: Parameters<typeof createLogThresholds>) => {
  const thresholds = createLogThresholds(...levels);
  const log = createLog({ thresholds, format: 'json', stream: { write: (text) => lines.push(JSON.parse(text)) } });
  return { thresholds, log, listeners: logListeners(log, { slowRequestMs: 1_000, slowQueryMs: 500 }) };
};

test('each module has a level of its own, from the start', () => {
  const { listeners } = open('info', { statements: 'trace', replicas: 'silent' });
  listeners.onStatement("select 'ada'", 3, 'primary');
  listeners.onReplica({ server: 'a', lagMs: 1 }, 'failing');
  listeners.onRedis('gone');
  expect(lines).toMatchObject([
    { level: 'trace', module: 'statements', sql: 'select ?' },
    { level: 'warn', module: 'cache' },
  ]);
});

test('a level is changed while lines are written, for one module only', () => {
  const { thresholds, listeners, log } = open('info');
  thresholds.set('cache', 'error');
  listeners.onRedis('gone');
  listeners.onJobFault('sweep', new Error('x'));
  thresholds.set('cache', 'info');
  listeners.onRedis(null);
  log.debug('not written');
  expect(lines.map(({ module }) => module)).toEqual(['jobs', 'cache']);
  expect(thresholds.levels()).toMatchObject({ cache: 'info', jobs: 'info' });
});

test('what operators do is written as a warning, with who did it', () => {
  open('info').listeners.onOperation('collect garbage', 'admin port');
  expect(lines).toMatchObject([
    { level: 'warn', module: 'operations', operation: 'collect garbage', by: 'admin port' },
  ]);
});

test.for(['', 'statements', 'statements=loud', 'nothing=info', 'jobs=info=warn', 'jobs=info,jobs=warn', 'jobs=info,'])(
  '"%s" names no levels',
  (text) => {
    expect(parseLogLevels(text)).toBeNull();
  },
);

test('levels are read by module', () => {
  expect(parseLogLevels('statements=trace,requests=warn')).toEqual({ statements: 'trace', requests: 'warn' });
});

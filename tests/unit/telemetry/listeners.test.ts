import { beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../../src/kernel/app-error.ts';
import { type FinishedRequest, logListeners } from '../../../src/platform/telemetry/listeners.ts';
import { createLog } from '../../../src/platform/telemetry/logs.ts';

const lines: Record<string, unknown>[] = [];
const log = createLog({
  level: 'debug',
  format: 'json',
  stream: { write: (text) => lines.push(JSON.parse(text)) },
});
const listeners = logListeners(log, { slowRequestMs: 100, slowQueryMs: 50 });
const only = () => {
  expect(lines).toHaveLength(1);
  return lines[0];
};

beforeEach(() => {
  lines.length = 0;
});

const finished = (changes: Partial<FinishedRequest> = {}): FinishedRequest => ({
  requestId: 'request-1',
  method: 'GET',
  path: '/api/v1/properties',
  status: 200,
  aborted: false,
  stream: false,
  milliseconds: 12,
  statements: 1,
  databaseMilliseconds: 3,
  ...changes,
});

test.for([
  [{}, 'info'],
  [{ status: 404 }, 'info'],
  [{ status: 500 }, 'info'],
  [{ path: '/readyz' }, 'debug'],
  [{ milliseconds: 100 }, 'warn'],
  [{ milliseconds: 100, status: 422 }, 'info'],
  [{ milliseconds: 3_600_000, stream: true, aborted: true }, 'info'],
] as [Partial<FinishedRequest>, string][])('a finished request %o is one line at %s', ([changes, level]) => {
  listeners.onFinished(finished(changes));
  expect(only()).toMatchObject({ level, requestId: 'request-1', status: changes.status ?? 200 });
});

test('an address in a path is left out', () => {
  listeners.onFinished(finished({ path: '/guests/ada@example.org/bookings/ada%40example.org' }));
  expect(only()).toMatchObject({ path: '/guests/…/bookings/…' });
});

test('a request whose client went away says so', () => {
  listeners.onFinished(finished({ aborted: true }));
  expect(only()).toMatchObject({ aborted: true });
});

test('only slow statements are shown, without their literals', async () => {
  listeners.onStatement("select 'ada'", 49, 'primary');
  listeners.onStatement("select 'ada' where a = 7", 50, 'replica');
  await vi.waitUntil(() => lines.length > 0);
  expect(only()).toMatchObject({ level: 'warn', sql: 'select ? where a = ?', target: 'replica' });
});

test.for([
  [new Error('broken'), 'error'],
  [new AppError('internal', 'INTERNAL', 'Broken.'), 'error'],
  [new AppError('unavailable', 'DATABASE_UNAVAILABLE', 'Try again.'), 'warn'],
] as const)('%o is logged at %s with its request and its error', ([error, level]) => {
  listeners.onFault(error, 'request-2');
  expect(only()).toMatchObject({ level, requestId: 'request-2', error: { message: error.message } });
});

test('a field that nobody listed is left out of a line', () => {
  log.info('hello', { count: 3, ...{ body: 'ada', authorization: 'Bearer ik_x' } });
  expect(Object.keys(only() ?? {}).sort()).toEqual(['count', 'level', 'module', 'msg', 'time']);
});

test('on a terminal a line is for the eye, with the error below it', () => {
  let text = '';
  const write = (chunk: string) => {
    text += chunk;
  };
  createLog({ level: 'info', format: 'text', stream: { write } }).error('request failed', {
    requestId: 'request-3',
    milliseconds: 1.23456,
    error: new TypeError('not a function'),
  });
  expect(text).toMatch(
    /^\d\d:\d\d:\d\d error request failed requestId=request-3 milliseconds=1.2\n {4}TypeError: not a/,
  );
});

test('a replica that is left out is named, with its lag', () => {
  listeners.onReplica({ server: '10.0.0.7:5432', lagMs: 12_000 }, 'lagging');
  expect(only()).toMatchObject({ level: 'warn', server: '10.0.0.7:5432', lagMs: 12_000, reason: 'lagging' });
});

test('Redis is told of when it stops answering, and when it answers again', () => {
  listeners.onRedis('Command timed out');
  listeners.onRedis(null);
  expect(lines).toMatchObject([
    { level: 'warn', msg: 'Redis does not answer', reason: 'Command timed out' },
    { level: 'info', msg: 'Redis answers again' },
  ]);
});

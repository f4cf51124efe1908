import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createHotel } from '../../support/hotel.ts';
import { asked, stay } from '../../support/stays.ts';
import { openStage, type Stage, sent, told } from './stage.ts';

const READS = [
  ...['/performance/status', '/performance/metrics', '/performance/metrics/prometheus', '/performance/alerts'],
  ...['/performance/database/pool', '/performance/cache', '/performance/memory', '/performance/queries'],
  ...['/performance/async', '/performance/log-level', '/health/detailed', '/metrics'],
];

let stage: Stage;
const secrets: string[] = [];
beforeAll(async () => {
  stage = await openStage();
  const { client, tenantId } = await stage.app.tenant('seaside-secret');
  const hotel = await createHotel(client);
  const { propertyId } = hotel;
  const booking = await client.bookings.create.mutate({
    ...asked(stay(hotel, '2026-05-01', '2026-05-03')),
    booker: { name: 'Zerlina Quastenflosser', email: 'zerlina@quasten.example' },
  });
  await client.bookings.get.query({ bookingId: booking.id });
  for (let read = 0; read < 8; read++) await client.properties.get.query({ propertyId });
  await client.bookings.get.query({ bookingId: 'c0ffee00-0000-4000-8000-000000000000' }).catch(() => {});
  secrets.push('Zerlina', 'Quastenflosser', 'quasten.example', tenantId, 'seaside-secret', propertyId, booking.id);
}, 60_000);
afterAll(() => stage.close());
beforeEach(() => {
  stage.operations.length = 0;
});

test.for(READS)('%s is answered under the process’ name, and with nothing of a tenant', async (path) => {
  const { status, text } = await told(stage, path);
  expect(status).toBe(200);
  for (const secret of secrets) expect(text).not.toContain(secret);
  if (!path.endsWith('prometheus') && path !== '/metrics') expect(JSON.parse(text)).toMatchObject({ host: 'pod-7' });
});

test('the status says what runs, since when, whether it is ready, and its load', async () => {
  const status = (await told(stage, '/performance/status')).json();
  expect(status).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+/),
    nodeVersion: process.versions.node,
    reasons: [],
  });
  expect(status.ready).toBe(true);
  expect(status.uptimeSeconds).toBeGreaterThan(0);
  expect(status.eventLoop.utilization).toBeGreaterThan(0);
  expect(status.work.map(({ kind }: { kind: string }) => kind)).toContain('query');
});

test('main figures count the calls, their failures and their times', async () => {
  const { figures } = (await told(stage, '/performance/metrics')).json();
  expect(figures.requests.calls).toBeGreaterThan(10);
  expect(figures.requests.failedShare).toBe(0);
  expect(figures.requests.p95Ms).toBeGreaterThan(0);
  expect(figures.procedures.map(({ procedure }: { procedure: string }) => procedure)).toContain('bookings.create');
  expect(figures.memory.rssBytes).toBeGreaterThan(10_000_000);
  expect((await told(stage, '/performance/metrics/prometheus')).text).toContain('# EOF');
});

test('statements are told without their literals, the most frequent first, and with guesses of missing indexes', async () => {
  const { mostFrequent, slowest, suggestedIndexes, kinds } = (await told(stage, '/performance/queries')).json();
  expect(kinds).toBeGreaterThan(5);
  expect(mostFrequent[0].calls).toBeGreaterThanOrEqual(mostFrequent[1].calls);
  expect(slowest[0].meanMs).toBeGreaterThanOrEqual(slowest[1].meanMs);
  expect(mostFrequent[0]).toMatchObject({ fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) });
  expect(suggestedIndexes).toEqual(expect.any(Array));
});

test('memory tells what sampled calls used', async () => {
  const { memory, byProcedure } = (await told(stage, '/performance/memory')).json();
  expect(memory.heapLimitBytes).toBeGreaterThan(memory.heapUsedBytes);
  const created = byProcedure.find(({ procedure }: { procedure: string }) => procedure === 'bookings.create');
  expect(created).toMatchObject({ calls: 1, sampled: 1, shared: 0 });
  expect(created.meanCpuMs).toBeGreaterThan(0);
});

test('what the database counts for all is told by processes that do no background work too', async () => {
  const { counted } = (await told(stage, '/performance/async')).json();
  expect(counted).toMatchObject({ endpointsFailing: 0, deliveries: { count: 0, oldestSeconds: 0 } });
  expect(counted.outbox.count).toBe(1);
  expect(counted.databaseBytes).toBeGreaterThan(1_000_000);
});

test('every part is looked at, and says since when it is as it is', async () => {
  const health = (await told(stage, '/health/detailed')).json();
  expect(health).toMatchObject({ status: 'ok' });
  const parts = health.parts.map(({ part }: { part: string }) => part);
  expect(parts).toEqual(['primary', 'replica 1', 'search index', 'cache follower']);
  expect((await told(stage, '/health/detailed')).json().parts[0].since).toBe(health.parts[0].since);
});

test('the cache is cleared by type, by tag or whole, and that is noted', async () => {
  const held = async () => (await told(stage, '/performance/cache')).json().memory.entries;
  expect(await held()).toBeGreaterThan(0);
  expect((await sent(stage, '/performance/cache/clear', { type: 'report' })).json()).toMatchObject({
    memory: 0,
    redis: null,
  });
  expect(await held()).toBeGreaterThan(0);
  expect((await sent(stage, '/performance/cache/clear', { type: 'property' })).json().memory).toBeGreaterThan(0);
  expect((await sent(stage, '/performance/cache/clear', { all: true })).status).toBe(200);
  expect(await held()).toBe(0);
  expect(stage.operations).toEqual([
    'admin port: clear cache: type report',
    'admin port: clear cache: type property',
    'admin port: clear cache: all',
  ]);
});

test('garbage is collected, and that is noted', async () => {
  const collected = (await sent(stage, '/performance/memory/gc', {})).json();
  expect(collected.afterBytes).toBeLessThan(collected.beforeBytes);
  expect(stage.operations).toEqual(['admin port: collect garbage']);
});

test('the level of a module is changed while it runs, and that is noted', async () => {
  const changed = await sent(stage, '/performance/log-level', { module: 'requests', level: 'warn' });
  expect(changed.json().levels).toMatchObject({ requests: 'warn', jobs: 'info' });
  expect((await told(stage, '/performance/log-level')).json().levels.requests).toBe('warn');
  expect(stage.operations).toEqual(['admin port: log level of requests: warn']);
});

test.for([
  ['/performance/cache/clear', {}],
  ['/performance/cache/clear', { all: true, type: 'search' }],
  ['/performance/cache/clear', { type: 'payments' }],
  ['/performance/cache/clear', '{'],
  ['/performance/log-level', { module: 'nothing', level: 'warn' }],
  ['/performance/log-level', { module: 'requests', level: 'loud' }],
] as const)('%s refuses %o and does nothing', async ([path, body]) => {
  const refused = await sent(stage, path, body);
  expect(refused.status).toBe(400);
  expect(refused.json().error.code).toMatch(/^(INVALID_INPUT|MALFORMED_JSON)$/);
  expect(stage.operations).toEqual([]);
});

test('a web page in a browser of the same machine can do nothing', async () => {
  const refused = await sent(stage, '/performance/memory/gc', {}, { origin: 'https://elsewhere.example' });
  expect(refused.status).toBe(403);
  expect(stage.operations).toEqual([]);
});

test.for(['/performance/memory/snapshot', '/performance/cpu/profile'])('%s is off unless switched on', async (path) => {
  const refused = await sent(stage, path, {});
  expect(refused.status).toBe(403);
  expect(refused.json().error).toMatchObject({ code: 'PROFILING_OFF' });
});

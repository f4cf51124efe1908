import { beforeAll, expect, it } from 'vitest';
import { createMetrics, type Metrics } from '../../../src/platform/telemetry/metrics/index.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { createHotel, key } from '../../support/hotel.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asked, stay } from '../../support/stays.ts';
import { listeningTenant, receiver } from '../webhooks/listening-tenant.ts';

let metrics: Metrics;
let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    settings: {
      DATABASE_REPLICA_URLS: '',
      WEBHOOK_ALLOW_PRIVATE: 'true',
      RATE_LIMIT_ANONYMOUS: '1',
      CACHE_POLL_MS: '20',
    },
    openMetrics(readings) {
      metrics = createMetrics(readings, { version: 'tested' });
      return metrics;
    },
  });
  return () => app.close();
});

/** The values of a metric's series whose labels are these, and others. */
const total = async (name: string, labels: Record<string, string> = {}): Promise<number> => {
  const lines = (await metrics.text())
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return lines
    .filter((line) => wanted.every((part) => line.includes(part)))
    .reduce((sum, line) => sum + Number(line.replace(/ #.*/, '').split(' ').at(-1)), 0);
};

/** By how much something raises a total. */
const raised = async (name: string, labels: Record<string, string>, work: () => Promise<unknown>): Promise<number> => {
  const before = await total(name, labels);
  await work();
  return (await total(name, labels)) - before;
};

it('each call is counted with what the cache had for it, also when no procedure is called any more', async () => {
  const { client } = await app.tenant('searched');
  const { propertyId } = await createHotel(client);
  const search = () => client.properties.get.query({ propertyId });
  const of = (cache: string) => ({ procedure: 'properties.get', code: 'OK', cache });
  expect(await raised('innkeeper_requests_total', of('miss'), search)).toBe(1);
  // Nothing is kept before the tenant's writes are followed.
  await expect.poll(() => raised('innkeeper_requests_total', of('hit'), search), { timeout: 10_000 }).toBe(1);
  const thrice = async () => {
    for (let n = 0; n < 3; n++) await search();
  };
  const timed = { procedure: 'properties.get', outcome: 'ok' };
  expect(
    await raised('innkeeper_request_duration_seconds_count', timed, async () => {
      expect(await raised('innkeeper_requests_total', of('hit'), thrice)).toBe(3);
    }),
  ).toBe(3);
});

it('a sold-out night is a refusal and no error; a replayed key and a full batch are told', async () => {
  const { client } = await app.tenant('sold');
  const hotel = await createHotel(client, { physicalRooms: 1 });
  const night = asked(stay(hotel, '2026-04-01', '2026-04-02'));
  await client.bookings.create.mutate(night);
  expect(await raised('innkeeper_key_replays_total', {}, () => client.bookings.create.mutate(night))).toBe(1);
  const again = () => refusalOf(client.bookings.create.mutate({ ...night, idempotencyKey: key() }));
  expect(await raised('innkeeper_sold_out_refusals_total', {}, again)).toBe(1);
  const failures = { procedure: 'bookings.create', outcome: 'error' };
  expect(await total('innkeeper_request_duration_seconds_count', failures)).toBe(0);
  expect(await total('innkeeper_ledger_batch_size_count')).toBeGreaterThanOrEqual(3);
});

it('events that are handed on and deliveries are told by type and outcome', async () => {
  const { book, listen, deliver } = await listeningTenant(app, 'told');
  const { url } = await receiver();
  await listen(url, ['booking.confirmed']);
  await book();
  expect(await raised('innkeeper_events_total', { type: 'booking.confirmed' }, deliver)).toBe(1);
  expect(await total('innkeeper_webhook_delivery_duration_seconds_count', { outcome: 'delivered' })).toBe(1);
});

it('a caller beyond its limit is told by its kind, and takes no part in how fast answers are', async () => {
  const anonymous = app.client(null);
  const call = () => refusalOf(anonymous.properties.get.query({ propertyId: crypto.randomUUID() }));
  await call();
  const timed = await total('innkeeper_request_duration_seconds_count');
  expect(await raised('innkeeper_requests_limited_total', { caller: 'anonymous' }, call)).toBe(1);
  expect(await total('innkeeper_request_duration_seconds_count')).toBe(timed);
  expect(await total('innkeeper_requests_total', { code: 'RATE_LIMITED' })).toBe(1);
});

it('pools and limits are read as they stand', async () => {
  expect(await total('innkeeper_pool_size_limit', { pool: 'primary' })).toBe(app.config.DATABASE_POOL_SIZE);
  expect(await total('innkeeper_pool_acquire_duration_seconds_count', { pool: 'primary' })).toBeGreaterThan(0);
  expect(await total('innkeeper_requests_in_flight_limit', { kind: 'report' })).toBe(app.config.MAX_REPORTS);
  expect(await total('innkeeper_statement_duration_seconds_count', { target: 'primary' })).toBeGreaterThan(0);
});

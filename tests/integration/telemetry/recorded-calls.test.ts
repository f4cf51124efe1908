import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel } from '../../support/hotel.ts';
import { recordSpans } from '../../support/recorded-spans.ts';
import { asSuperuser } from '../../support/superuser.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const recorded = recordSpans(1);
let app: TestApp;
let tenant: TestTenant;
beforeAll(async () => {
  app = await startApp({ settings: { CACHE_POLL_MS: '20' }, tracer: recorded.tracer, verified: false });
  tenant = await app.tenant('recorded');
});
afterAll(() => app.close());

let called = 0;
/** The spans of one call over HTTP, in the order of their ends. */
const spansOf = async (path: string): Promise<ReadableSpan[]> => {
  const traceId = `${TRACE.slice(0, -4)}${(4_096 + called++).toString(16)}`;
  const headers = { authorization: `Bearer ${tenant.ownerKey}`, traceparent: `00-${traceId}-b7ad6b7169203331-00` };
  await (await fetch(app.url + path, { headers })).text();
  const own = () => recorded.spans().filter((span) => span.spanContext().traceId === traceId);
  await vi.waitFor(() => expect(own().at(-1)?.parentSpanContext?.isRemote).toBe(true));
  return own();
};

const input = (value: unknown) => `input=${encodeURIComponent(JSON.stringify(value))}`;

test('each call is recorded as part of its request, with what the cache had for it and where its statements ran', async () => {
  await createHotel(tenant.client, { from: '2026-03-02' });
  const search = `/trpc/availability.search?${input({ city: 'Lisboa', arrival: '2026-03-03', departure: '2026-03-05' })}`;
  const searched = async () =>
    (await spansOf(search)).find(({ name }) => name === 'availability.search')?.attributes ?? {};
  const read = await searched();
  expect(read['innkeeper.cache.outcome']).toBe('miss');
  // Nothing is kept before the tenant's writes are followed.
  const outcome = async () => (await searched())['innkeeper.cache.outcome'];
  await expect.poll(outcome, { timeout: 10_000 }).toBe('hit');
  expect([read['innkeeper.database.replica'], read['innkeeper.database.primary']]).toContain(true);

  const batch = await spansOf(`/trpc/properties.list,roomTypes.list?batch=1&${input({ 0: {}, 1: {} })}`);
  const request = batch.at(-1);
  for (const name of ['properties.list', 'roomTypes.list']) {
    const call = batch.find((span) => span.name === name);
    expect(call?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
  }
});

test('a REST call is named by its route, not by its path', async () => {
  const path = '/api/v1/bookings/01890000-0000-7000-8000-000000000000';
  const request = (await spansOf(path)).at(-1);
  expect(request?.name).toBe('GET /api/v1/bookings/{bookingId}');
  expect(request?.attributes).toMatchObject({
    'http.route': '/api/v1/bookings/{bookingId}',
    'http.response.status_code': 404,
  });
  expect(request?.status.code).toBe(SpanStatusCode.UNSET);
  expect(JSON.stringify(request?.attributes)).not.toContain('01890000');
});

test('an error of ours is recorded once, at the call; what was refused is no error', async () => {
  await asSuperuser(app.database, 'alter table booking rename to booking_away');
  const spans = await spansOf(`/trpc/bookings.list?${input({})}`);
  await asSuperuser(app.database, 'alter table booking_away rename to booking');
  expect(spans.filter(({ status }) => status.code === SpanStatusCode.ERROR).length).toBeGreaterThanOrEqual(3);
  expect(spans.flatMap(({ name, events }) => events.map(() => name))).toEqual(['bookings.list']);

  const refused = await spansOf(`/trpc/bookings.get?${input({ bookingId: 'x' })}`);
  expect(refused.filter(({ status }) => status.code === SpanStatusCode.ERROR)).toEqual([]);
  const call = refused.find(({ name }) => name === 'bookings.get');
  expect(call?.attributes['rpc.response.status_code']).toBe('INVALID_INPUT');
});

test('health checks are not recorded', async () => {
  const before = recorded.spans().length;
  await (await fetch(`${app.url}/livez`)).text();
  expect(recorded.spans().length).toBe(before);
});

import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startWebhookReceiver } from '../support/webhook-receiver.ts';
import { type SpanRead, startCollector } from './collector.ts';
import { BOOKER, book, callersTrace, prepareHotel, startServer, startWorker } from './traced-hotel.ts';

const ALWAYS = { OTEL_TRACES_SAMPLER_ARG: '1' };

const ancestorsOf = (span: SpanRead, all: readonly SpanRead[]): string[] => {
  const parent = all.find(({ spanId }) => spanId === span.parentSpanId);
  return parent ? [parent.name, ...ancestorsOf(parent, all)] : [];
};

test('a booking is one trace, from the request through its statements to the webhook that another process delivers; it holds no literal and nothing about anybody', async () => {
  const collector = await startCollector();
  const receiver = await startWebhookReceiver();
  onTestFinished(() => receiver.close());
  const hotel = await prepareHotel(`${receiver.url}/secret-path?token=secret-query`);
  const settings = { ...ALWAYS, OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
  const { server, url, metrics } = await startServer(hotel, settings);
  const worker = await startWorker(hotel, settings);

  const { traceId, header } = callersTrace();
  expect(await book(url, hotel, header)).toBe(200);
  const inTrace = () => collector.spans().filter((span) => span.traceId === traceId);
  await vi.waitFor(() => expect(inTrace().map(({ name }) => name)).toContain('POST'), { timeout: 30_000 });

  const spans = inTrace();
  const named = (name: string) => spans.filter((span) => span.name === name);
  const [request] = named('POST /trpc');
  const [call] = named('bookings.create');
  const [delivery] = named('deliver webhook');
  const [sent] = named('POST');
  expect(request).toMatchObject({ kind: 2, facts: { 'http.route': '/trpc', 'http.response.status_code': '200' } });
  expect(call).toMatchObject({
    parentSpanId: request?.spanId,
    facts: { 'rpc.method': 'bookings.create', 'innkeeper.cache.outcome': 'none', 'innkeeper.database.primary': true },
  });
  const statements = spans.filter(({ facts }) => facts['db.system.name'] === 'postgresql');
  expect(statements.map(({ name }) => name)).toEqual(expect.arrayContaining(['BEGIN', 'SELECT', 'COMMIT']));
  for (const statement of statements) expect(ancestorsOf(statement, spans)).toContain('bookings.create');
  expect(named('tell booking.confirmed')[0]).toMatchObject({ kind: 5, parentSpanId: call?.spanId });
  expect(delivery).toMatchObject({
    parentSpanId: call?.spanId,
    facts: { 'innkeeper.event.type': 'booking.confirmed' },
  });
  expect(sent).toMatchObject({
    kind: 3,
    parentSpanId: delivery?.spanId,
    facts: { 'http.response.status_code': '204' },
  });
  expect(delivery?.service).not.toBe(request?.service);
  expect(receiver.messages.at(-1)?.headers.traceparent).toBe(`00-${traceId}-${sent?.spanId}-01`);
  expect(receiver.messages.at(-1)?.headers).not.toHaveProperty('baggage');

  const exported = collector.texts.join('\n');
  const secrets = [...Object.values(BOOKER), 'Nowak', 'nowak', hotel.ownerKey, hotel.tenantId, 'secret-path'];
  for (const secret of [...secrets, 'secret-query', hotel.arrival, "app.tenant', '"]) {
    expect(exported).not.toContain(secret);
  }
  for (const { facts } of statements) expect(facts['db.query.text']).not.toMatch(/'|\b(?<!\$)\d{2,}\b(?!\w)/);

  expect(server.stderr).toMatch(new RegExp(`"requestId":"[^"]+"[^\\n]*"traceId":"${traceId}"|"traceId":"${traceId}"`));
  expect(await metrics()).toContain(`# {trace_id="${traceId}"}`);
  server.child.kill('SIGTERM');
  worker.child.kill('SIGTERM');
  expect([await server.exited, await worker.exited]).toEqual([0, 0]);
});

test('bookings that share a transaction keep a trace each', async () => {
  const hotel = await prepareHotel();
  const collector = await startCollector();
  const { url } = await startServer(hotel, { ...ALWAYS, OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint });
  const callers = Array.from({ length: 24 }, callersTrace);
  const statuses = await Promise.all(callers.map(({ header }) => book(url, hotel, header)));
  expect(new Set(statuses)).toEqual(new Set([200]));

  const connection = new pg.Client({ connectionString: hotel.database.ownerUrl });
  await connection.connect();
  onTestFinished(() => connection.end());
  await connection.query("select set_config('app.tenant', $1, false)", [hotel.tenantId]);
  const { rows } = await connection.query<{ trace: string }>(
    `select split_part(trace_parent, '-', 2) as trace
     from event where type = 'booking.confirmed'`,
  );
  expect(rows.map(({ trace }) => trace).sort()).toEqual(callers.map(({ traceId }) => traceId).sort());
  const shared = await connection.query(
    `select from event where type = 'booking.confirmed' group by txid having count(*) > 1`,
  );
  expect(shared.rowCount).toBeGreaterThan(0);
});

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startCollector } from './collector.ts';
import { book, callersTrace, prepareHotel, startServer } from './traced-hotel.ts';

const ALWAYS = { OTEL_TRACES_SAMPLER_ARG: '1', DRAIN_DELAY_MS: '0' };
const FLUSH_MS = 2_000;
/** For closing everything else. */
const REST_MS = 1_500;

/** Takes connections and never answers. */
const startSilent = async (): Promise<string> => {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const counted = (metrics: string, name: string): number =>
  Number(new RegExp(`^innkeeper_trace_${name}_total (\\d+)$`, 'm').exec(metrics)?.[1]);

test('a collector that goes away costs requests nothing: they are answered, and what is lost is counted', async () => {
  const hotel = await prepareHotel();
  const collector = await startCollector();
  const { url, metrics } = await startServer(hotel, { ...ALWAYS, OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint });
  expect(await book(url, hotel, callersTrace().header)).toBe(200);
  await vi.waitFor(() => expect(collector.spans().length).toBeGreaterThan(0), { timeout: 10_000 });
  expect(counted(await metrics(), 'exports_failed')).toBe(0);
  await collector.stop();

  for (let made = 0; made < 10; made++) expect(await book(url, hotel, callersTrace().header)).toBe(200);
  await vi.waitFor(async () => expect(counted(await metrics(), 'exports_failed')).toBeGreaterThan(0), {
    ...{ timeout: 20_000, interval: 200 },
  });
  expect(counted(await metrics(), 'spans_dropped')).toBeGreaterThan(10);
  expect(await book(url, hotel, callersTrace().header)).toBe(200);
});

test('a collector that never answers keeps no request waiting, and the end for two seconds at most', async () => {
  const hotel = await prepareHotel();
  const { server, url } = await startServer(hotel, { ...ALWAYS, OTEL_EXPORTER_OTLP_ENDPOINT: await startSilent() });
  for (let made = 0; made < 5; made++) expect(await book(url, hotel, callersTrace().header)).toBe(200);
  const startedAt = performance.now();
  server.child.kill('SIGTERM');
  expect(await server.exited).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(FLUSH_MS + REST_MS);
});

import { Agent, get, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { type HttpServer, listen } from '../../../src/transport/http/server.ts';

const MUCH_LONGER_THAN_A_TEST = 3_600_000;

const start = async (app: RequestListener, options: { maxConnections?: number } = {}): Promise<HttpServer> => {
  const server = await listen(app, { host: '127.0.0.1', port: 0, ...options });
  onTestFinished(() => server.close(0));
  return server;
};

/** A client that keeps its connections, as a proxy does. */
const keepingClient = () => {
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  return (url: string) =>
    new Promise<IncomingMessage>((resolve, reject) => get(url, { agent }, resolve).on('error', reject));
};

/** An app whose answers are given by hand. */
const byHand = () => {
  const waiting: ServerResponse[] = [];
  const arrivals: (() => void)[] = [];
  return {
    app: (_request: IncomingMessage, response: ServerResponse) => {
      waiting.push(response);
      arrivals.shift()?.();
    },
    arrived: () => new Promise<void>((resolve) => arrivals.push(resolve)),
    waiting,
  };
};

test('a stop lets a running request finish on a kept connection, and ends as soon as it has', async () => {
  const { app, arrived, waiting } = byHand();
  const server = await start(app);
  const arrival = arrived();
  const answer = keepingClient()(server.url);
  await arrival;
  const closed = server.close(MUCH_LONGER_THAN_A_TEST);
  waiting[0]?.end('whole');
  expect((await answer).headers.connection).toBe('close');
  expect(await text(await answer)).toBe('whole');
  await closed;
});

test('a stop waits for an answer whose head is sent already', async () => {
  const { app, arrived, waiting } = byHand();
  const server = await start(app);
  const arrival = arrived();
  const answer = keepingClient()(server.url);
  await arrival;
  waiting[0]?.write('first half, ');
  const body = text(await answer);
  const closed = server.close(MUCH_LONGER_THAN_A_TEST);
  waiting[0]?.end('second half');
  expect(await body).toBe('first half, second half');
  await closed;
});

test('a stop does not wait for a connection that is kept without a request', async () => {
  const server = await start((_request, response) => response.end('done'));
  expect(await text(await keepingClient()(server.url))).toBe('done');
  await server.close(MUCH_LONGER_THAN_A_TEST);
});

test('while it drains every answer is the last of its connection, also of one that was kept before, and new ones are served', async () => {
  const server = await start((_request, response) =>
    response.writeHead(200, ['Content-Type', 'text/plain']).end('done'),
  );
  const ask = keepingClient();
  const before = await ask(server.url);
  expect(before.headers.connection).toBe('keep-alive');
  expect(await text(before)).toBe('done');
  server.drain();
  for (const answer of [await ask(server.url), await keepingClient()(server.url)]) {
    expect(answer.headers.connection).toBe('close');
    expect(await text(answer)).toBe('done');
  }
});

test('a request that outlasts the grace is cut', async () => {
  const { app, arrived } = byHand();
  const server = await start(app);
  const arrival = arrived();
  const answer = keepingClient()(server.url);
  const cut = expect(answer).rejects.toThrow(/socket hang up|ECONNRESET/);
  await arrival;
  await server.close(10);
  await cut;
});

test('connections beyond the limit are closed at once', async () => {
  const { app, arrived, waiting } = byHand();
  const server = await start(app, { maxConnections: 1 });
  const arrival = arrived();
  const first = keepingClient()(server.url);
  await arrival;
  await expect(keepingClient()(server.url)).rejects.toThrow(/socket hang up|ECONNRESET/);
  waiting[0]?.end('served');
  expect(await text(await first)).toBe('served');
});

test('a host that stands for every address is reached through loopback', async () => {
  const server = await listen((_request, response) => response.end(), { host: '0.0.0.0', port: 0 });
  onTestFinished(() => server.close(0));
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

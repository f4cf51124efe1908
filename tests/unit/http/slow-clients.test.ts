import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { type ListenOptions, listen } from '../../../src/transport/http/server.ts';
import { rawClient, unreadRequest } from '../../support/raw-http.ts';

/** More than the system keeps for a connection. */
const LONG_ANSWER = Buffer.alloc(64_000_000, 'x');
const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

const start = async (app: RequestListener, options: Partial<ListenOptions>): Promise<number> => {
  const server = await listen(app, { host: '127.0.0.1', port: 0, ...options });
  onTestFinished(() => server.close(0));
  return Number(new URL(server.url).port);
};

const closing = (response: ServerResponse) =>
  new Promise<boolean>((resolve) => response.once('close', () => resolve(response.writableFinished)));

test.for([
  ['whole', (response: ServerResponse) => response.end(LONG_ANSWER)],
  ['in parts, and is not over', (response: ServerResponse) => response.write(LONG_ANSWER)],
] as const)('a client that stops reading is cut off, though its answer is sent %s', async ([, send]) => {
  const closed = Promise.withResolvers<boolean>();
  const port = await start(
    (_request, response) => {
      closed.resolve(closing(response));
      send(response);
    },
    { sendTimeoutMs: 100 },
  );
  const client = unreadRequest(port, GET);
  onTestFinished(client.close);
  expect(await closed.promise).toBe(false);
});

test('a client that reads, however slowly, gets all of its answer', async () => {
  const port = await start((_request, response) => response.end(LONG_ANSWER), { sendTimeoutMs: 300 });
  const socket = connect({ port, host: '127.0.0.1' });
  onTestFinished(() => void socket.destroy());
  socket.write(GET);
  let received = 0;
  let pauses = 0;
  for await (const chunk of socket) {
    received += (chunk as Buffer).length;
    if (received > (pauses + 1) * 4_000_000) {
      pauses += 1;
      await delay(60);
    }
    if (received > LONG_ANSWER.length) break;
  }
  expect(pauses).toBeGreaterThan(10);
  expect(received).toBeGreaterThan(LONG_ANSWER.length);
});

test('a client that waits for an answer is not cut off, and keeps its connection for the next one', async () => {
  const app: RequestListener = async (_request, response) => {
    await delay(250);
    response.end('late');
  };
  const client = rawClient(await start(app, { sendTimeoutMs: 100 }));
  onTestFinished(client.close);
  for (const _time of [1, 2]) expect((await client.send(GET))?.body.toString()).toBe('late');
});

test.for(['GET / HTTP/1.1\r\nHost: loc', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab'])(
  'a request that takes too long to arrive is ended: %j',
  async (part) => {
    const port = await start((request, response) => void request.resume().on('end', () => response.end()), {
      requestTimeoutMs: 200,
    });
    const socket = connect({ port, host: '127.0.0.1' });
    onTestFinished(() => void socket.destroy());
    socket.resume().write(part);
    await once(socket, 'close');
  },
);

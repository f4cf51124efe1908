import assert from 'node:assert/strict';
import { request, type ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startEdge } from './start.ts';
import { until } from './until.ts';

describe('what passes through', () => {
  for (const [accept, says] of [
    ['text/event-stream', {}],
    ['*/*', { 'X-Accel-Buffering': 'no' }],
  ] as const) {
    test(`each event at once (Accept: ${accept})`, async () => {
      await using edge = await startEdge({ servers: 1 });
      const [server] = edge.servers;
      assert(server);
      let stream: ServerResponse | undefined;
      server.answer = (_request, response) => {
        stream = response;
        response.writeHead(200, { 'Content-Type': 'text/event-stream', ...says }).write('data: 1\n\n');
      };
      let seen = '';
      const sent = request({
        host: '127.0.0.1',
        port: edge.port,
        path: '/trpc/bookings.changes',
        headers: { accept, 'accept-encoding': 'gzip' },
      });
      sent.on('response', (response) => response.on('data', (chunk) => (seen += chunk)).on('error', () => {})).end();
      await until('the first is here', () => seen === 'data: 1\n\n');
      stream?.write('data: 2\n\n');
      await until('the second is here', () => seen === 'data: 1\n\ndata: 2\n\n');
      sent.destroy();
      await until('the server knows that the reader has gone', () => stream?.destroyed === true);
    });
  }

  test('a compressed answer as it is', async () => {
    await using edge = await startEdge({ servers: 1 });
    const [server] = edge.servers;
    assert(server);
    const compressed = gzipSync(JSON.stringify({ rooms: Array.from({ length: 400 }, (_, room) => ({ room })) }));
    server.answer = (_request, response) => {
      const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' };
      response.writeHead(200, { ...headers, 'Content-Length': compressed.length }).end(compressed);
    };
    const { headers, body } = await edge.ask('/trpc/clock.now', { headers: { 'accept-encoding': 'br, gzip' } });
    assert.equal(headers['content-encoding'], 'gzip');
    assert.equal(headers['content-length'], String(compressed.length));
    assert.deepEqual(body, compressed);
    assert.equal(edge.received()[0]?.headers['accept-encoding'], 'br, gzip');
  });

  test('a large answer, whole', async () => {
    await using edge = await startEdge({ servers: 1 });
    const [server] = edge.servers;
    assert(server);
    const large = Buffer.alloc(1024 * 1024, 'x');
    server.answer = (_request, response) => response.end(large);
    const { body } = await edge.ask('/trpc/clock.now');
    assert.equal(body.length, large.length);
  });

  test('path, query string and trace context, unchanged', async () => {
    await using edge = await startEdge({ servers: 1 });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const path = '/trpc/a.b,c.d?batch=1&input=%7B%220%22%3A%7B%7D%7D';
    await edge.ask(path, { headers: { traceparent, tracestate: 'a=1', authorization: 'Bearer x' } });
    const [received] = edge.received();
    assert.equal(received?.url, path);
    assert.equal(received.headers.traceparent, traceparent);
    assert.equal(received.headers.tracestate, 'a=1');
    assert.equal(received.headers.authorization, 'Bearer x');
  });

  test('many requests over few connections to a server', async () => {
    await using edge = await startEdge({ servers: 1 });
    const [server] = edge.servers;
    assert(server);
    const before = server.connections;
    for (let asked = 0; asked < 20; asked++) await edge.ask('/trpc/clock.now');
    // Each of nginx's two processes keeps its own.
    assert(server.connections - before <= 2, `it took ${server.connections - before}`);
  });

  test('a body of 256 kB', async () => {
    await using edge = await startEdge({ servers: 1 });
    const body = Buffer.alloc(256 * 1024, ' ');
    assert.equal((await edge.ask('/bookings', { method: 'POST', body })).status, 200);
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Edge, startEdge } from './start.ts';
import { until } from './until.ts';

const headersSeenFor = async (edge: Edge, headers: Record<string, string>) => {
  await edge.ask('/trpc/clock.now', { headers });
  return edge.received().at(-1)?.headers ?? {};
};

describe('heads', () => {
  test('each request has an id: the client’s where it is plain, else a new one', async () => {
    await using edge = await startEdge({ servers: 1 });
    const given = await headersSeenFor(edge, { 'x-request-id': 'req_2026-11.22:1' });
    assert.equal(given['x-request-id'], 'req_2026-11.22:1');
    for (const id of ['short', 'with blanks in it', 'x'.repeat(65), 'quote"and\\more']) {
      const seen = await headersSeenFor(edge, { 'x-request-id': id });
      assert.match(String(seen['x-request-id']), /^[0-9a-f]{32}$/);
    }
  });

  test('what a client says of its address is not believed', async () => {
    await using edge = await startEdge({ servers: 1 });
    const seen = await headersSeenFor(edge, { 'x-forwarded-for': '198.51.100.1', forwarded: 'for=198.51.100.1' });
    assert.equal(seen['x-forwarded-for'], '127.0.0.1');
    assert.equal(seen['x-forwarded-proto'], 'http');
    assert.equal(seen.forwarded, undefined);
  });

  test('what a trusted proxy says of it is', async () => {
    await using edge = await startEdge({
      servers: 1,
      values: { edge: { trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] } },
    });
    const seen = await headersSeenFor(edge, { 'x-forwarded-for': '203.0.113.9, 198.51.100.1, 10.1.2.3' });
    assert.equal(seen['x-forwarded-for'], '198.51.100.1');
  });

  test('the version of nginx is not told', async () => {
    await using edge = await startEdge({ servers: 1 });
    assert.equal((await edge.ask('/metrics')).headers.server, 'nginx');
  });

  test('a line of the log says what became of a request, and nothing of who asked', async () => {
    await using edge = await startEdge({ servers: 1 });
    const path = '/trpc/bookings.lookUp?input=%22ada%40example.com%22';
    await edge.ask(path, { headers: { 'x-request-id': 'req_12345678', authorization: 'Bearer secret' } });
    const log = () => readFileSync(join(edge.folder, 'access.log'), 'utf8');
    await until('the line is there', () => log().includes('\n'));
    const told: Record<string, unknown> = JSON.parse(log());
    assert.equal(told.requestId, 'req_12345678');
    assert.equal(told.path, '/trpc/bookings.lookUp');
    assert.equal(told.method, 'GET');
    assert.equal(told.status, 200);
    assert.match(String(told.upstream), /^127\.0\.1\.1:\d+$/);
    for (const secret of ['ada', 'secret', '127.0.0.1']) assert(!`${log()}${edge.nginx.said}`.includes(secret), secret);
  });
});

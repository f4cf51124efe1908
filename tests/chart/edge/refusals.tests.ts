import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { errorBody } from '../../../src/transport/errors/body.ts';
import { type Asked, startEdge } from './start.ts';
import { until } from './until.ts';

interface Refusal {
  name: string;
  path: string;
  asked?: Asked;
  status: number;
  code: string;
  retryable: boolean;
}

const long = 'x'.repeat(17 * 1024);
const refusals: readonly Refusal[] = [
  {
    name: 'a body over 256 kB',
    path: '/bookings',
    asked: { method: 'POST', body: Buffer.alloc(256 * 1024 + 1, ' ') },
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
    retryable: false,
  },
  { name: 'a URL over 16 kB', path: `/${long}`, status: 431, code: 'HEAD_TOO_LARGE', retryable: false },
  {
    name: 'a header over 16 kB',
    path: '/trpc/clock.now',
    asked: { headers: { 'x-long': long } },
    status: 431,
    code: 'HEAD_TOO_LARGE',
    retryable: false,
  },
  ...['/metrics', '/health/detailed', '/readyz', '//metrics', '/%6detrics', '/x/../metrics'].map((path) => ({
    ...{ name: path, path, status: 404, code: 'NO_SUCH_PATH', retryable: false },
  })),
];

/** What is answered to bytes that are no valid request. */
const answerTo = async (port: number, bytes: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  let seen = '';
  socket.on('data', (chunk) => (seen += chunk.toString())).write(bytes);
  await once(socket, 'close');
  return seen;
};

describe('refusals', () => {
  test('what is no valid HTTP is refused in the same form', async () => {
    await using edge = await startEdge({ servers: 1 });
    for (const bytes of ['GET /trpc/clock.now HTTP/1.1\r\n\r\n', 'nonsense\r\n\r\n']) {
      const answer = await answerTo(edge.port, bytes);
      assert.match(answer, /^HTTP\/1\.1 400 /);
      const [, body = ''] = answer.split('\r\n\r\n');
      assert.equal(errorBody.parse(JSON.parse(body)).error.code, 'MALFORMED_REQUEST');
    }
  });

  test('nginx says in the server’s words what it refuses itself', async () => {
    await using edge = await startEdge({ servers: 1 });
    for (const { name, path, asked = {}, status, code, retryable } of refusals) {
      const headers = { ...asked.headers, 'x-request-id': 'req_12345678' };
      const answer = await edge.ask(path, { ...asked, headers });
      assert.equal(answer.status, status, name);
      assert.equal(answer.headers['content-type'], 'application/json', name);
      const { error } = errorBody.parse(JSON.parse(answer.body.toString()));
      assert.equal(error.code, code, name);
      assert.equal(error.retryable, retryable, name);
      assert.equal(answer.headers['x-request-id'], error.requestId, name);
    }
    assert.deepEqual(edge.received(), []);
  });

  test('nginx says so where no server answers, and that it may be tried again', async () => {
    await using edge = await startEdge({ servers: 1 });
    edge.addresses = [];
    const noServer = async (method: string, accept: string) => {
      const answer = await edge.ask('/trpc/clock.now', { method, headers: { accept } });
      if (answer.status === 200) return false;
      assert.equal(answer.status, 502);
      assert.equal(answer.headers['retry-after'], '1');
      const { error } = errorBody.parse(JSON.parse(answer.body.toString()));
      assert.equal(error.code, 'NO_SERVER');
      return error.retryable;
    };
    for (const [method = '', accept = ''] of [
      ['GET', '*/*'],
      ['PUT', '*/*'],
      ['GET', 'text/event-stream'],
    ])
      await until(`${method} for ${accept} is told`, () => noServer(method, accept));
  });
});

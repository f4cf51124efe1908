import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createFastLane } from '../../../src/transport/fast-lane/handler.ts';
import { listen } from '../../../src/transport/http/server.ts';
import { rawClient } from '../../support/raw-http.ts';
import { isByLane, told } from '../../support/told.ts';
import { MAX_BODY_BYTES, startServer, type TestServer } from './apps.ts';
import { createTestRouter } from './router.ts';

let servers: Record<'fast' | 'stock', TestServer>;

beforeAll(async () => {
  servers = { fast: await startServer('fast'), stock: await startServer('stock') };
});
afterAll(async () => {
  await Promise.all(Object.values(servers).map((server) => server.close()));
});

const post = (path: string, length: number) =>
  `POST /trpc/${path} HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: same-for-both\r\n` +
  `Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

describe.each(['fast', 'stock'] as const)('by the %s way', (lane) => {
  it('a client that leaves aborts the signal of its calls', async () => {
    const server = servers[lane];
    const signal = server.nextSignal();
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET /trpc/waiting HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const aborted = once((await signal) as AbortSignal, 'abort');
    socket.destroy();
    await aborted;
  });

  it('a call that was answered is not aborted when its client leaves', async () => {
    const server = servers[lane];
    const coming = server.nextSignal();
    const client = rawClient(server.port);
    const answer = await client.send('GET /trpc/later HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect([answer?.status, isByLane(answer)]).toEqual([200, lane === 'fast']);
    const next = server.nextSignal();
    const other = rawClient(server.port);
    await other.send('GET /trpc/later HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect([(await coming)?.aborted, (await next)?.aborted]).toEqual([false, false]);
    other.close();
  });

  it('a connection is still good after a body that was too large', async () => {
    const client = rawClient(servers[lane].port);
    const body = Buffer.alloc(100 * MAX_BODY_BYTES, ' ');
    const refused = await client.send(post('save', body.length), body);
    const next = await client.send(post('save', 14), '{"name":"Ana"}');
    expect([refused?.status, next?.status, next?.body.toString()]).toEqual([
      413,
      200,
      '{"result":{"data":{"saved":"Ana"}}}',
    ]);
    client.close();
  });
});

describe('as by the stock adapter', () => {
  it.each([
    ['a procedure that reads no input does not wait for the body', [post('saveNothing', 100), '{"half":']],
    ['a procedure that reads none answers whatever the body is', [post('saveNothing', 3), '{"h']],
    [
      'a procedure may have ended the answer by itself',
      ['GET /trpc/ended HTTP/1.1\r\nHost: x\r\nX-Request-Id: same-for-both\r\n\r\n'],
    ],
    ['without a Host, over HTTP/1.0', ['GET /trpc/noInput HTTP/1.0\r\nX-Request-Id: same-for-both\r\n\r\n']],
  ])('%s', async (_what, pieces) => {
    const [ours, theirs] = await Promise.all(
      [servers.fast, servers.stock].map(async (server) => {
        const client = rawClient(server.port);
        const answer = await client.send(...pieces);
        client.close();
        return { ...told(answer), failures: server.takeFailures() };
      }),
    );
    expect(ours).toEqual(theirs);
    expect(ours?.status).toBe(200);
  });
});

it('what can not even be refused is handed on', async () => {
  const lane = createFastLane({
    router: createTestRouter({}),
    createContext: () => Promise.reject(new Error('no context')),
    maxBodyBytes: MAX_BODY_BYTES,
    maxBatch: 1,
    onError: () => {
      throw new Error('nobody listens');
    },
  });
  const server = await listen(
    (request, response) => lane(request, response, (thrown) => response.writeHead(500).end(String(thrown))),
    { host: '127.0.0.1', port: 0 },
  );
  onTestFinished(() => server.close(0));
  expect(await (await fetch(`${server.url}/trpc/noInput`)).text()).toBe('Error: nobody listens');
});

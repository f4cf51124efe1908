import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { EVENT, faultOf, openTestOutbound, startReceiver } from './receiver.ts';

test('the receiver gets the body and the headers, and nothing else that it did not need', async () => {
  const receiver = await startReceiver((_request, response) =>
    response.writeHead(202, { 'retry-after': '3' }).end('ok'),
  );
  const outbound = openTestOutbound();
  const answer = await outbound.post(`${receiver.url}?tenant=1`, {
    headers: { 'content-type': 'application/json', 'webhook-id': 'evt_1' },
    body: '{"guests":"Zoë"}',
  });
  expect(answer).toEqual({ status: 202, body: 'ok', retryAfterMs: 3_000 });
  expect(receiver.requests).toEqual([
    {
      method: 'POST',
      path: '/hooks?tenant=1',
      headers: {
        host: `127.0.0.1:${receiver.port}`,
        connection: 'keep-alive',
        'accept-encoding': 'identity',
        'content-type': 'application/json',
        'webhook-id': 'evt_1',
        'content-length': '17',
      },
      body: '{"guests":"Zoë"}',
    },
  ]);
});

test('cookies are not sent back', async () => {
  const receiver = await startReceiver((_request, response) => response.setHeader('set-cookie', 'a=b').end());
  const outbound = openTestOutbound();
  await outbound.post(receiver.url, EVENT);
  await outbound.post(receiver.url, EVENT);
  expect(receiver.requests.map(({ headers }) => headers.cookie)).toEqual([undefined, undefined]);
});

test('a compressed answer is not unpacked', async () => {
  const packed = gzipSync('a'.repeat(100_000));
  const receiver = await startReceiver((_request, response) =>
    response.setHeader('content-encoding', 'gzip').end(packed),
  );
  const { body } = await openTestOutbound().post(receiver.url, EVENT);
  expect(body.length).toBeLessThanOrEqual(packed.length);
  expect(body).not.toContain('aaa');
});

test('an endless answer is cut off at the limit and its connection closed', async () => {
  const receiver = await startReceiver((_request, response) => {
    const more = () => {
      while (response.write('x'.repeat(16_384)));
    };
    response.on('drain', more);
    more();
  });
  const answer = await openTestOutbound({ maxAnswerBytes: 50_000 }).post(receiver.url, EVENT);
  expect(answer).toEqual({ status: 200, body: 'x'.repeat(50_000), retryAfterMs: null });
  await receiver.abandoned();
});

test('no more connections are opened to an origin than allowed, and every request is answered', async () => {
  const receiver = await startReceiver((_request, response) => setImmediate(() => response.end('done')));
  const outbound = openTestOutbound({ connectionsPerOrigin: 2 });
  const answers = await Promise.all(Array.from({ length: 10 }, () => outbound.post(receiver.url, EVENT)));
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect(receiver.mostConnections()).toBe(2);
});

test.each([
  ['a line break in a value', { 'webhook-id': 'a\r\nhost: inner' }],
  ['a line break in a name', { 'a\r\nhost': 'inner' }],
  ['another host', { Host: 'inner' }],
  ['a length of its own', { 'content-length': '1' }],
  ['chunks', { 'transfer-encoding': 'chunked' }],
])('headers that would change the request are refused: %s', async (_what, headers) => {
  const receiver = await startReceiver((_request, response) => response.end());
  await expect(openTestOutbound().post(receiver.url, { headers, body: '{}' })).rejects.toThrow(TypeError);
  expect(receiver.connections()).toBe(0);
});

test('closing lets a request end, closes the connections and refuses what comes later', async () => {
  const arrived = Promise.withResolvers<() => void>();
  const receiver = await startReceiver((_request, response) => arrived.resolve(() => response.end('done')));
  const outbound = openTestOutbound();
  const answer = outbound.post(receiver.url, EVENT);
  const respond = await arrived.promise;
  const closed = outbound.close();
  expect(await faultOf(outbound.post(receiver.url, EVENT))).toBe('ABORTED');
  respond();
  expect(await answer).toMatchObject({ status: 200, body: 'done' });
  await closed;
  await receiver.abandoned();
});

import { expect, test } from 'vitest';
import { EVENT, faultOf, openTestOutbound, startReceiver, startTcpReceiver } from './receiver.ts';

test('a receiver that takes the request and never answers is given up at the time limit', async () => {
  const receiver = await startReceiver(() => {});
  const outbound = openTestOutbound({ timeoutMs: 300 });
  expect(await faultOf(outbound.post(receiver.url, EVENT))).toBe('TIMEOUT');
  expect(receiver.requests).toHaveLength(1);
  await receiver.abandoned();
});

test('a receiver that trickles its body is given up at the time limit', async () => {
  const receiver = await startReceiver((_request, response) => {
    const trickle = setInterval(() => response.write('.'), 10);
    response.on('close', () => clearInterval(trickle));
  });
  const outbound = openTestOutbound({ timeoutMs: 300 });
  expect(await faultOf(outbound.post(receiver.url, EVENT))).toBe('TIMEOUT');
  await receiver.abandoned();
});

test('a receiver that never finishes the TLS handshake is given up at the limit for connecting', async () => {
  const receiver = await startTcpReceiver(() => {});
  const outbound = openTestOutbound({ connectTimeoutMs: 200 });
  expect(await faultOf(outbound.post(`https://127.0.0.1:${receiver.port}/`, EVENT))).toBe('TIMEOUT');
  expect(receiver.connections()).toBe(1);
  await receiver.abandoned();
});

test('a resolver that never answers is given up at the limit for connecting', async () => {
  const outbound = openTestOutbound({ connectTimeoutMs: 200, lookup: () => new Promise(() => {}) });
  expect(await faultOf(outbound.post('http://hooks.example/', EVENT))).toBe('TIMEOUT');
});

test('a name that does not resolve is told apart', async () => {
  expect(await faultOf(openTestOutbound().post('http://hooks.example/', EVENT))).toBe('DNS_FAILED');
});

test.each(['http', 'https'])('a port that nobody listens on is told apart (%s)', async (scheme) => {
  expect(await faultOf(openTestOutbound().post(`${scheme}://127.0.0.1:1/`, EVENT))).toBe('CONNECT_FAILED');
});

test('a name of which no address takes connections is told apart', async () => {
  const lookup = async () => ['127.0.0.1', '127.0.0.1'].map((address) => ({ address, family: 4 as const }));
  expect(await faultOf(openTestOutbound({ lookup }).post('https://hooks.example:1/', EVENT))).toBe('CONNECT_FAILED');
});

test.each([
  ['speaks no TLS', 'HTTP/1.1 200 OK\r\n\r\n'],
  ['hangs up in the handshake', ''],
])('a receiver that %s is told apart', async (_what, bytes) => {
  const receiver = await startTcpReceiver((socket) => void socket.end(bytes));
  expect(await faultOf(openTestOutbound().post(`https://127.0.0.1:${receiver.port}/`, EVENT))).toBe('TLS_FAILED');
});

test.each([
  ['before a word', ''],
  ['within the headers', 'HTTP/1.1 200 OK\r\ncontent-le'],
  ['within a body of known length', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'],
  ['within a body in chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
])('a connection lost %s is no answer', async (_when, bytes) => {
  const closed = await startTcpReceiver((socket) => void socket.end(bytes));
  expect(await faultOf(openTestOutbound().post(closed.url, EVENT))).toBe('CONNECTION_LOST');
  const reset = await startTcpReceiver((socket) => void socket.write(bytes, () => socket.resetAndDestroy()));
  expect(await faultOf(openTestOutbound().post(reset.url, EVENT))).toBe('CONNECTION_LOST');
});

test.each([
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
  ['a bad chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
  ['headers without end', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(20_000)}`],
  ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
])('%s is a broken answer', async (_what, bytes) => {
  const receiver = await startTcpReceiver((socket) => void socket.write(bytes));
  expect(await faultOf(openTestOutbound().post(receiver.url, EVENT))).toBe('BROKEN_ANSWER');
  await receiver.abandoned();
});

test('a request that is called off ends at once and its connection with it', async () => {
  const calledOff = new AbortController();
  const receiver = await startReceiver(() => calledOff.abort(new Error('shutting down')));
  const outbound = openTestOutbound();
  expect(await faultOf(outbound.post(receiver.url, { ...EVENT, signal: calledOff.signal }))).toBe('ABORTED');
  await receiver.abandoned();
});

test('a request that was called off before is not sent', async () => {
  const receiver = await startReceiver((_request, response) => response.end());
  const signal = AbortSignal.abort();
  expect(await faultOf(openTestOutbound().post(receiver.url, { ...EVENT, signal }))).toBe('ABORTED');
  expect(receiver.requests).toHaveLength(0);
});

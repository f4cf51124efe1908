import { expect, test, vi } from 'vitest';
import { EVENT, faultOf, openTestOutbound, startReceiver } from './receiver.ts';

const loopback = [{ address: '127.0.0.1', family: 4 as const }];
const answering = () => startReceiver((_request, response) => response.end('done'));

test('an address that passed its check and then resolves to loopback is not dialled', async () => {
  const receiver = await answering();
  const lookup = vi.fn(async () => loopback).mockResolvedValueOnce([{ address: '8.8.8.8', family: 4 }]);
  const outbound = openTestOutbound({ allowPrivate: false, lookup });
  const url = outbound.checkAddress(`https://hooks.example:${receiver.port}/`);
  expect(await lookup()).toEqual([{ address: '8.8.8.8', family: 4 }]);
  expect(await faultOf(outbound.post(url.href, EVENT))).toBe('ADDRESS_NOT_ALLOWED');
  expect(receiver.connections()).toBe(0);
});

test('a name with one public and one private address is not dialled at all', async () => {
  const receiver = await answering();
  const outbound = openTestOutbound({
    allowPrivate: false,
    lookup: async () => [...loopback, { address: '8.8.8.8', family: 4 }],
  });
  expect(await faultOf(outbound.post(`https://hooks.example:${receiver.port}/`, EVENT))).toBe('ADDRESS_NOT_ALLOWED');
  expect(receiver.connections()).toBe(0);
});

test.each(['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]'])(
  'post itself refuses the host %s, which was perhaps allowed when it was stored',
  async (host) => {
    const receiver = await answering();
    const outbound = openTestOutbound({ allowPrivate: false, lookup: async () => loopback });
    expect(await faultOf(outbound.post(`https://${host}:${receiver.port}/`, EVENT))).toBe('ADDRESS_NOT_ALLOWED');
    expect(receiver.connections()).toBe(0);
  },
);

test('post refuses http:// where private addresses are not allowed, before it resolves anything', async () => {
  const lookup = vi.fn(() => Promise.reject(new Error('no such name')));
  const outbound = openTestOutbound({ allowPrivate: false, lookup });
  expect(await faultOf(outbound.post('http://hooks.example/', EVENT))).toBe('ADDRESS_NOT_ALLOWED');
  expect(lookup).not.toHaveBeenCalled();
});

test('the address that the one lookup of a connection gave is the one that is dialled', async () => {
  const receiver = await answering();
  const lookup = vi.fn(async () => [{ address: '::1', family: 6 as 4 | 6 }]).mockResolvedValueOnce(loopback);
  const outbound = openTestOutbound({ lookup, connectionsPerOrigin: 1 });
  const url = `http://hooks.example:${receiver.port}/`;
  expect(await outbound.post(url, EVENT)).toMatchObject({ status: 200 });
  expect(await outbound.post(url, EVENT)).toMatchObject({ status: 200 });
  expect(lookup.mock.calls).toEqual([['hooks.example']]);
  expect(receiver.connections()).toBe(1);
});

test('a new connection is checked again, also to an origin that was reached before', async () => {
  const receiver = await startReceiver((_request, response) => response.setHeader('connection', 'close').end());
  const lookup = vi.fn(async () => [{ address: 'no address', family: 4 as const }]).mockResolvedValueOnce(loopback);
  const outbound = openTestOutbound({ lookup });
  const url = `http://hooks.example:${receiver.port}/`;
  expect(await outbound.post(url, EVENT)).toMatchObject({ status: 200 });
  await receiver.abandoned();
  expect(await faultOf(outbound.post(url, EVENT))).toBe('DNS_FAILED');
  expect(lookup).toHaveBeenCalledTimes(2);
});

test.each([301, 302, 303, 307, 308])('a redirect to loopback is an answer like any other: %i', async (status) => {
  const inner = await answering();
  const receiver = await startReceiver((_request, response) =>
    response.writeHead(status, { location: inner.url }).end('moved'),
  );
  expect(await openTestOutbound().post(receiver.url, EVENT)).toEqual({ status, body: 'moved', retryAfterMs: null });
  expect(inner.connections()).toBe(0);
});

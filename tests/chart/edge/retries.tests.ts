import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cut } from './fake-server.ts';
import { startEdge } from './start.ts';
import { until } from './until.ts';

const ASKED = 12;

describe('retries', () => {
  test('a GET whose connection is cut is asked of another server', async () => {
    await using edge = await startEdge();
    const [failing] = edge.servers;
    assert(failing);
    failing.answer = cut;
    for (let asked = 0; asked < ASKED; asked++) assert.equal((await edge.ask(`/trpc/clock.now?${asked}`)).status, 200);
    const cutOff = failing.received.filter(({ url }) => url.startsWith('/trpc'));
    assert(cutOff.length > 0);
    for (const { url } of cutOff) assert.equal(edge.received().filter((other) => other.url === url).length, 2);
  });

  for (const method of ['POST', 'PATCH', 'PUT', 'DELETE']) {
    test(`a ${method} that a server may have got is never sent again`, async () => {
      await using edge = await startEdge();
      const [failing] = edge.servers;
      assert(failing);
      failing.answer = cut;
      const statuses: number[] = [];
      for (let asked = 0; asked < ASKED; asked++)
        statuses.push((await edge.ask(`/bookings/${asked}`, { method, body: '{"a":1}' })).status);
      const urls = edge.received().map(({ url }) => url);
      assert.equal(new Set(urls).size, urls.length);
      assert.equal(urls.length, ASKED);
      const failed = failing.received.filter(({ url }) => url.startsWith('/bookings')).length;
      assert(failed > 0);
      assert.equal(statuses.filter((status) => status === 502).length, failed);
    });
  }

  test('a POST goes to another server where one takes no connection', async () => {
    await using edge = await startEdge();
    const [gone, ...others] = edge.servers;
    assert(gone);
    edge.addresses = [gone.address];
    await until('only the one that goes is known', async () => {
      const before = edge.received().length - gone.received.length;
      for (let asked = 0; asked < 6; asked++) await edge.ask('/trpc/clock.now');
      return edge.received().length - gone.received.length === before;
    });
    gone.close();
    edge.addresses = edge.servers.map(({ address }) => address);
    await until('the others are known', async () => (await edge.ask('/trpc/clock.now')).status === 200);
    for (let asked = 0; asked < ASKED; asked++) {
      assert.equal((await edge.ask(`/bookings/${asked}`, { method: 'POST', body: '{}' })).status, 200);
    }
    assert.equal(others.flatMap(({ received }) => received).filter(({ method }) => method === 'POST').length, ASKED);
  });
});

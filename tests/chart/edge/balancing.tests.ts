import assert from 'node:assert/strict';
import { Agent, type ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { delayed, withStatus } from './fake-server.ts';
import { type Edge, startEdge } from './start.ts';
import { until } from './until.ts';

const IN_FLIGHT = 12;
const REQUESTS = 360;

/** So many answers of the others fall into one of the slow one, as many as into 200 ms: counted, since a busy machine is slow itself. */
const OTHERS_MEANWHILE = 80;

/** The share of the requests that the first of three servers gets, which is slow. */
const shareOfSlowOne = async (edge: Edge): Promise<number> => {
  const [slow, ...others] = edge.servers;
  assert(slow);
  const held: { response: ServerResponse; until: number }[] = [];
  let byOthers = 0;
  let bySlow = 0;
  const release = () => {
    // Where nobody else has anything to answer, that time passes without them.
    const isAlone = held.length === IN_FLIGHT || held.length === REQUESTS - byOthers - bySlow;
    while (held[0] && (isAlone || held[0].until <= byOthers)) {
      held.shift()?.response.end('ok');
      bySlow += 1;
    }
  };
  slow.answer = (request, response) => {
    if (request.url === '/livez') return void response.end('ok');
    held.push({ response, until: byOthers + OTHERS_MEANWHILE });
    release();
  };
  for (const server of others) {
    server.answer = (request, response) => {
      response.end('ok');
      if (request.url === '/livez') return;
      byOthers += 1;
      release();
    };
  }
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  const asked = Array.from({ length: REQUESTS }, () => edge.ask('/trpc/clock.now', { agent }));
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  agent.destroy();
  assert(statuses.every((status) => status === 200));
  return bySlow / REQUESTS;
};

describe('balancing', () => {
  test('a server that is slower gets under a tenth of the requests', async () => {
    await using edge = await startEdge();
    const share = await shareOfSlowOne(edge);
    assert(share < 0.1, `it got ${share}`);
  });

  test('without least_conn it would get a third', async () => {
    await using edge = await startEdge({ change: (text) => text.replaceAll('least_conn;', '') });
    const share = await shareOfSlowOne(edge);
    assert(share > 0.28 && share < 0.38, `it got ${share}`);
  });

  test('a server that DNS tells newly is sent to, and one that it tells no more is not', async () => {
    await using edge = await startEdge();
    const [first, second, third] = edge.servers;
    assert(first && second && third);
    edge.addresses = [first.address, second.address];
    await until('the third is left out', async () => {
      const before = third.received.length;
      for (let asked = 0; asked < 12; asked++) await edge.ask('/trpc/clock.now');
      return third.received.length === before;
    });
    edge.addresses = [third.address];
    await until('the third gets all', async () => {
      const before = third.received.length;
      for (let asked = 0; asked < 12; asked++) await edge.ask('/trpc/clock.now');
      return third.received.length === before + 12;
    });
  });

  test('open streams do not count against a server', async () => {
    await using edge = await startEdge({ servers: 2 });
    const [first, second] = edge.servers;
    assert(first && second);
    for (const server of edge.servers) {
      server.answer = (request, response) => {
        if (request.headers.accept === 'text/event-stream') response.writeHead(200).write('data: 1\n\n');
        else response.end('ok');
      };
    }
    edge.addresses = [first.address];
    await until('only the first is known', async () => {
      const before = second.received.length;
      for (let asked = 0; asked < 8; asked++) await edge.ask('/trpc/clock.now');
      return second.received.length === before;
    });
    const agent = new Agent({ keepAlive: true });
    const streams = Array.from({ length: 10 }, () =>
      edge.ask('/trpc/bookings.changes', { headers: { accept: 'text/event-stream' }, agent }).catch(() => {}),
    );
    await until(
      'the streams are open',
      () => first.received.filter(({ url }) => url.includes('changes')).length === 10,
    );
    edge.addresses = [first.address, second.address];
    const known = second.received.length;
    await until('both are known', async () => {
      await edge.ask('/trpc/clock.now');
      return second.received.length > known;
    });
    const before = first.received.length;
    for (let asked = 0; asked < 20; asked++) await edge.ask('/trpc/clock.now');
    agent.destroy();
    await Promise.all(streams);
    assert.equal(first.received.length - before, 10);
  });

  for (const status of [429, 503]) {
    test(`${status} is passed on, is not tried again and leaves the server in`, async () => {
      await using edge = await startEdge({ servers: 2 });
      const [busy] = edge.servers;
      assert(busy);
      busy.answer = withStatus(status);
      const answers = [];
      for (let asked = 0; asked < 40; asked++) answers.push(await edge.ask('/trpc/clock.now'));
      const refused = answers.filter((answer) => answer.status === status);
      assert.equal(refused.length, 20);
      assert.equal(refused[0]?.headers['retry-after'], '1');
      assert.equal(edge.received().length, 40);
    });
  }

  test('a server holds as many requests as it may, and no more', async () => {
    await using edge = await startEdge({ servers: 1, values: { edge: { maxConnectionsPerPod: 8 } } });
    const [server] = edge.servers;
    assert(server);
    server.answer = delayed(300);
    const answers = await Promise.all(Array.from({ length: 20 }, () => edge.ask('/trpc/clock.now')));
    assert.equal(answers.filter(({ status }) => status === 200).length, 8);
    assert.equal(answers.filter(({ status }) => status === 502).length, 12);
  });
});

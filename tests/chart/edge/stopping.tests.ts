import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { delayed } from './fake-server.ts';
import { type Edge, startEdge } from './start.ts';
import { until } from './until.ts';

const takesConnections = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

/** What Kubernetes sends once preStop is over. */
const tellToStop = async (edge: Edge): Promise<void> => {
  edge.nginx.child.kill('SIGQUIT');
  await until('no new connections are taken', async () => !(await takesConnections(edge.port)));
};

const askOver = async (socket: Socket): Promise<string> => {
  let seen = '';
  const keep = (chunk: Buffer) => {
    seen += chunk.toString();
  };
  socket.on('data', keep).write('GET /trpc/clock.now HTTP/1.1\r\nHost: a\r\n\r\n');
  await until('the answer is here', () => seen.endsWith('ok') || socket.destroyed);
  socket.off('data', keep);
  return seen;
};

describe('a pod that stops', () => {
  test('answers once more on a connection that was in use, and says that it closes it', async () => {
    await using edge = await startEdge({ servers: 1 });
    const socket = connect(edge.port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    const first = await askOver(socket);
    assert.match(first, /^HTTP\/1\.1 200 /);
    assert.match(first, /Connection: keep-alive\r\n/);
    assert.match(first, /Keep-Alive: timeout=15\r\n/);
    await tellToStop(edge);
    const second = await askOver(socket);
    assert.match(second, /^HTTP\/1\.1 200 /);
    assert.match(second, /Connection: close\r\n/);
    socket.destroy();
    await until('nginx has ended', () => edge.nginx.child.exitCode === 0);
  });

  test('ends the requests that it has', async () => {
    await using edge = await startEdge({ servers: 1 });
    const [server] = edge.servers;
    assert(server);
    server.answer = delayed(1_000);
    const asked = edge.ask('/bookings', { method: 'POST', body: '{}' });
    await until('the server has it', () => edge.received().length === 1);
    await tellToStop(edge);
    assert.equal((await asked).status, 200);
  });

  test('costs busy clients that keep connections and try nothing again not one request', async () => {
    await using leaving = await startEdge({ servers: 2 });
    await using staying = await startEdge({ servers: 2 });
    for (const server of [...leaving.servers, ...staying.servers]) server.answer = delayed(2);
    // Like a Service: new connections go to who is ready, those that there are stay where they are.
    let ready = leaving.port;
    let stop = false;
    let answered = 0;
    const failed: unknown[] = [];
    const client = async (pauseMs: number): Promise<void> => {
      let agent = new Agent({ keepAlive: true, maxSockets: 1 });
      let port = ready;
      while (!stop) {
        await leaving
          .ask('/bookings', { method: 'POST', body: '{}', agent, port })
          .then(({ status, headers }) => {
            if (status !== 200) failed.push(status);
            answered += 1;
            if (headers.connection !== 'close') return;
            agent.destroy();
            agent = new Agent({ keepAlive: true, maxSockets: 1 });
            port = ready;
          })
          .catch((error: unknown) => failed.push(error));
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      agent.destroy();
    };
    const clients = Array.from({ length: 12 }, (_, index) => client(index));
    await until('all have begun', () => answered > 100);
    ready = staying.port;
    await tellToStop(leaving);
    await until('it has ended', () => leaving.nginx.child.exitCode === 0);
    const before = staying.received().length;
    await until('the other one serves them', () => staying.received().length > before + 100);
    stop = true;
    await Promise.all(clients);
    assert.deepEqual(failed, []);
  });
});

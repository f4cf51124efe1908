import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { faultCode } from '../../../src/platform/db/faults.ts';
import { followingClient, followingSocket } from '../../../src/platform/db/following-client.ts';
import type { PrimaryLocator } from '../../../src/platform/db/primary-locator.ts';

/** What a server says that lets anybody in: authenticated, ready for a query. */
const WELCOME = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);

/** A server that says nothing unless it is told to; what it hears comes to `heard`. */
const startServer = async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => {})));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const called = async (): Promise<Socket> => {
    if (!sockets[0]) await once(server, 'connection');
    return sockets[0] as Socket;
  };
  return { url: `postgres://u:p@127.0.0.1:${port}/d`, called };
};

/** A locator that says that the primary has moved when it is told to. */
const movable = (first: string) => {
  const listeners = new Set<(host: string) => void>();
  const locator: PrimaryLocator = {
    locate: async () => first,
    doubt: () => {},
    review: async () => {},
    standingOf: async () => 'unsure',
    onMoved(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const moveTo = (host: string) => {
    for (const listener of [...listeners]) listener(host);
  };
  return { locator, listeners, moveTo };
};

const OTHER = 'postgres://u:p@127.0.0.1:1/d';

const outcome = (connecting: Promise<unknown>) =>
  connecting.then(
    () => 'connected',
    (error: unknown) => faultCode(error),
  );

test('a connection that is being made while the primary moves is not kept', async () => {
  const server = await startServer();
  const { locator, moveTo, listeners } = movable(server.url);
  const Client = followingClient(locator);
  const client = new Client({ connectionString: server.url });
  client.on('error', () => {});
  const connecting = outcome(client.connect());
  const socket = await server.called();
  await once(socket, 'data');
  moveTo(OTHER);
  socket.write(WELCOME);
  expect(await connecting).toBe('08006');
  expect(listeners.size).toBe(0);
});

test('where the primary moves right when it was located, the connection is made to the later one', async () => {
  const [early, late] = await Promise.all([startServer(), startServer()]);
  const { locator, moveTo } = movable(early.url);
  const located = Promise.withResolvers<string>();
  const Client = followingClient({ ...locator, locate: () => located.promise });
  const client = new Client({ connectionString: early.url });
  client.on('error', () => {});
  const connecting = outcome(client.connect());
  located.resolve(early.url);
  moveTo(late.url);
  const socket = await late.called();
  socket.write(WELCOME);
  expect(await connecting).toBe('connected');
});

test('a connection is cut when the primary moves after it was made, and listens no more', async () => {
  const server = await startServer();
  const { locator, moveTo, listeners } = movable(server.url);
  const Client = followingClient(locator);
  const client = new Client({ connectionString: server.url });
  client.on('error', () => {});
  const connecting = client.connect();
  (await server.called()).write(WELCOME);
  await connecting;
  expect(listeners.size).toBe(1);
  const ended = Promise.withResolvers<void>();
  client.once('end', ended.resolve);
  moveTo(OTHER);
  await ended.promise;
  expect(listeners.size).toBe(0);
});

test('a connection that could not be made listens no more', async () => {
  const { locator, listeners } = movable(OTHER);
  const Client = followingClient(locator);
  const client = new Client({ connectionString: OTHER });
  expect(await outcome(client.connect())).toBe('ECONNREFUSED');
  expect(listeners.size).toBe(0);
});

test('a socket that was told of another primary before it was connected ends', async () => {
  const server = await startServer();
  const { locator, moveTo, listeners } = movable(server.url);
  const socket = followingSocket(locator);
  const closed = once(socket, 'close');
  socket.connect(1, 'nowhere');
  await server.called();
  moveTo(OTHER);
  await closed;
  expect(listeners.size).toBe(0);
});

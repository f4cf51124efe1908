import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { type OutboundOptions, openOutbound } from '../../../src/platform/outbound/index.ts';

export interface Receiver {
  port: number;
  /** Of this server by its loopback address. */
  url: string;
  requests: {
    method: string | undefined;
    path: string | undefined;
    headers: IncomingMessage['headers'];
    body: string;
  }[];
  connections(): number;
  mostConnections(): number;
  /** Resolves when the last connection has been closed. */
  abandoned(): Promise<void>;
}

const listen = async (server: Server, requests: Receiver['requests']): Promise<Receiver> => {
  const open = new Set<Socket>();
  let connections = 0;
  let most = 0;
  let onEmpty = () => {};
  server.on('connection', (socket: Socket) => {
    connections += 1;
    open.add(socket.on('error', () => {}));
    most = Math.max(most, open.size);
    socket.on('close', () => {
      open.delete(socket);
      if (open.size === 0) onEmpty();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/hooks`,
    requests,
    connections: () => connections,
    mostConnections: () => most,
    abandoned: () =>
      new Promise((resolve) => {
        onEmpty = resolve;
        if (open.size === 0) resolve();
      }),
  };
};

/** An HTTP server on 127.0.0.1 that keeps the requests it got; `respond` runs once a request's body is there. */
export const startReceiver = (respond: RequestListener): Promise<Receiver> => {
  const requests: Receiver['requests'] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    requests.push({ method, path: url, headers, body: Buffer.concat(chunks).toString() });
    respond(request, response);
  });
  return listen(server, requests);
};

/** Something that takes connections and leaves it to `onBytes` what to say once bytes have come in. */
export const startTcpReceiver = (onBytes: (socket: Socket) => void): Promise<Receiver> =>
  listen(
    createTcpServer((socket) => void socket.once('data', () => onBytes(socket))),
    [],
  );

const DEFAULTS: OutboundOptions = {
  allowPrivate: true,
  connectTimeoutMs: 10_000,
  timeoutMs: 10_000,
  maxAnswerBytes: 1_000,
  connectionsPerOrigin: 4,
  lookup: () => Promise.reject(new Error('this test has no DNS')),
};

/** Outbound for one test; private addresses are allowed and nothing resolves unless the test says so. */
export const openTestOutbound = (options: Partial<OutboundOptions> = {}) => {
  const outbound = openOutbound({ ...DEFAULTS, ...options });
  onTestFinished(() => outbound.close());
  return outbound;
};

/** The fault that a post fails with; throws when it does not fail. */
export const faultOf = async (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    () => {
      throw new Error('an answer came');
    },
    (error: { fault?: unknown }) => error.fault ?? error,
  );

export const EVENT = { headers: { 'content-type': 'application/json' }, body: '{"type":"booking.confirmed"}' };

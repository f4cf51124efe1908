import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface ListenOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Should outlive the idle connections of a proxy before it, so that the proxy is the one to close them. */
  keepAliveMs?: number;
  /** Longest time for a whole request to arrive. */
  requestTimeoutMs?: number;
  /** Longest time that a client may leave an answer unread; subscriptions have heartbeats for that. */
  sendTimeoutMs?: number;
  /** Connections at a time; those beyond are closed at once. */
  maxConnections?: number;
}

export interface HttpServer {
  /** `http://host:port` as it is reachable from this machine. */
  url: string;
  /** From here on an answer is the last of its connection, so that clients that keep theirs go elsewhere. */
  drain(): void;
  /** Takes no new connections, lets running requests end for at most `graceMs`, then cuts the rest. */
  close(graceMs: number): Promise<void>;
}

const HEADERS_AFTER_KEEP_ALIVE_MS = 5_000;
/** How often it is looked for requests that take too long to arrive. */
const CHECK_MS = 30_000;

/** Nothing was sent or received for long: a client that has bytes to take has stopped reading. */
const cutUnread = (socket: Socket): void => {
  if (socket.writableLength > 0) socket.destroy();
};

/** Every address of this machine is reached through its loopback. */
const reachable = (host: string): string => {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
};

/** Rejects with the system's error when the address can't be listened on. */
export const listen = async (app: RequestListener, options: ListenOptions): Promise<HttpServer> => {
  const { keepAliveMs = 70_000, requestTimeoutMs = 30_000, sendTimeoutMs = 30_000, maxConnections } = options;
  const running = new Set<ServerResponse>();
  let isDraining = false;
  const server = createServer(
    {
      keepAliveTimeout: keepAliveMs,
      headersTimeout: Math.min(keepAliveMs + HEADERS_AFTER_KEEP_ALIVE_MS, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(CHECK_MS, requestTimeoutMs),
    },
    (request, response) => {
      running.add(response);
      if (isDraining) response.shouldKeepAlive = false;
      response.on('close', () => {
        running.delete(response);
        if (!server.listening) server.closeIdleConnections();
      });
      // Heard by nobody, it would end a request that is only slow to answer.
      response.on('timeout', cutUnread);
      app(request, response);
    },
  );
  server.timeout = sendTimeoutMs;
  if (maxConnections !== undefined) server.maxConnections = maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const drain = () => {
    isDraining = true;
    for (const response of running) response.shouldKeepAlive = false;
  };
  return {
    drain,
    url: `http://${reachable(options.host)}:${port}`,
    close: (graceMs) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        drain();
      }),
  };
};

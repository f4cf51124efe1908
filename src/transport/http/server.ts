import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ListenOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Should outlive the idle connections of a proxy before it, so that the proxy is the one to close them. */
  keepAliveMs?: number;
  /** Longest time for a whole request to arrive. */
  requestTimeoutMs?: number;
  /** Connections at a time; those beyond are closed at once. */
  maxConnections?: number;
}

export interface HttpServer {
  /** `http://host:port` as it is reachable from this machine. */
  url: string;
  /** Takes no new connections, lets running requests end for at most `graceMs`, then cuts the rest. */
  close(graceMs: number): Promise<void>;
}

const HEADERS_AFTER_KEEP_ALIVE_MS = 5_000;

/** Every address of this machine is reached through its loopback. */
const reachable = (host: string): string => {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
};

/** Rejects with the system's error when the address can't be listened on. */
export const listen = async (app: RequestListener, options: ListenOptions): Promise<HttpServer> => {
  const { keepAliveMs = 70_000, requestTimeoutMs = 30_000, maxConnections } = options;
  const running = new Set<ServerResponse>();
  const server = createServer(
    {
      keepAliveTimeout: keepAliveMs,
      headersTimeout: Math.min(keepAliveMs + HEADERS_AFTER_KEEP_ALIVE_MS, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
    },
    (request, response) => {
      running.add(response);
      response.once('close', () => {
        running.delete(response);
        if (!server.listening) server.closeIdleConnections();
      });
      app(request, response);
    },
  );
  if (maxConnections !== undefined) server.maxConnections = maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${reachable(options.host)}:${port}`,
    close: (graceMs) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        for (const response of running) {
          if (!response.headersSent) response.setHeader('Connection', 'close');
        }
      }),
  };
};

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpServer {
  /** `http://host:port` as it is reachable from this machine. */
  url: string;
  /** Takes no new connections, lets running requests end for at most `graceMs`, then cuts the rest. */
  close(graceMs: number): Promise<void>;
}

/** Keep-alive outlives the 60 s of nginx's upstream connections, so that nginx is the one to close an idle one. */
const KEEP_ALIVE_MS = 70_000;

/** Rejects with the system's error when the address can't be listened on. */
export const listen = async (app: RequestListener, options: { host: string; port: number }): Promise<HttpServer> => {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: KEEP_ALIVE_MS + 5_000 }, app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    close: (graceMs) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
};

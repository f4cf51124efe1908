import type { Application } from '../compose.ts';
import type { Config } from '../config.ts';
import { type HttpServer, listen } from '../transport/http/server.ts';
import { listenFault } from './start-error.ts';

const OFFSET = 6_464;
const HIGHEST_PORT = 65_535;

/** 9464, where exporters of OpenTelemetry's metrics are, beside port 3000; a free one beside a free one. */
const portBeside = (port: number): number => (port === 0 || port + OFFSET > HIGHEST_PORT ? 0 : port + OFFSET);

/** Listens where operators and their tools ask. `servingPort` is null in a process that serves nothing else. */
export const openAdmin = (
  config: Config,
  { adminApp, health }: Application,
  servingPort: number | null,
): Promise<HttpServer> => {
  health.watch();
  const port = config.ADMIN_PORT ?? (servingPort === null ? 0 : portBeside(servingPort));
  return listen(adminApp, { host: config.ADMIN_HOST, port }).catch((error: unknown) =>
    Promise.reject(listenFault(error, config.ADMIN_HOST, port, 'ADMIN_PORT')),
  );
};

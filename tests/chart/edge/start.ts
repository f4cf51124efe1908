import { rm } from 'node:fs/promises';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { type Running, startProgram } from '../../../prometheus/src/programs.ts';
import type { Values } from '../rendering/helm.ts';
import { type FakeServer, startFakeServer } from './fake-server.ts';
import { freePorts } from './free-ports.ts';
import { startNameServer } from './name-server.ts';
import { writeEdgeFiles } from './rendered-files.ts';
import { until } from './until.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  agent?: Agent;
  port?: number;
}

/** The rendered configuration in a real nginx before fake servers, all on loopback. */
export interface Edge extends AsyncDisposable {
  readonly port: number;
  readonly httpsPort: number;
  readonly folder: string;
  readonly nginx: Running;
  readonly servers: readonly FakeServer[];
  /** The addresses that DNS tells. */
  addresses: string[];
  /** Rejects where the connection fails: nothing is tried again. */
  ask(path: string, asked?: Asked): Promise<Answer>;
  /** All that the servers were asked, health apart. */
  received(): FakeServer['received'];
}

export interface EdgeOptions {
  values?: Values;
  /** How many servers there are. */
  servers?: number;
  change?: (text: string) => string;
  /** Called with the folder before nginx starts. */
  prepare?: (folder: string) => Promise<void>;
}

const SERVICE = 'innkeeper-pods.innkeeper.svc.cluster.local';
const NO_KEEP_ALIVE = new Agent();

export const askHttp = (
  port: number,
  path: string,
  { method = 'GET', headers = {}, body, agent = NO_KEEP_ALIVE }: Asked,
) =>
  new Promise<Answer>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', reject).end(body);
  });

export const startEdge = async ({ values = {}, servers = 3, change, prepare }: EdgeOptions = {}): Promise<Edge> => {
  await using opened = new AsyncDisposableStack();
  const [http = 0, https = 0, health = 0, serverPort = 0] = await freePorts(4);
  const fakes: FakeServer[] = [];
  for (let number = 1; number <= servers; number++) {
    const fake = await startFakeServer(`127.0.1.${number}`, serverPort);
    opened.defer(fake.close);
    fakes.push(fake);
  }
  const edge = { addresses: fakes.map(({ address }) => address) };
  const names = await startNameServer((name) => (name === SERVICE ? edge.addresses : []));
  opened.defer(names.close);
  const surroundings = { http, https, health, servers: serverPort, nameServer: names.port };
  const folder = await writeEdgeFiles({ secrets: { existing: 'innkeeper' }, ...values }, surroundings, change);
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  await prepare?.(folder);
  // Pods are no root; who is one here would else become somebody who may not write into the folder.
  const user = process.getuid?.() === 0 ? ' user root;' : '';
  const nginx = startProgram('nginx', ['-e', 'stderr', '-c', join(folder, 'nginx.conf'), '-g', `daemon off;${user}`]);
  opened.defer(nginx.stop);

  const reachesServers = async (): Promise<boolean> => {
    if (nginx.child.exitCode !== null) throw new Error(`nginx ended:\n${nginx.said}`);
    const { status } = await askHttp(health, '/reaches-servers', {}).catch(() => ({ status: 0 }));
    return status === 200;
  };
  await until('nginx reaches the servers', reachesServers);

  const whole = opened.move();
  return Object.assign(edge, {
    port: http,
    httpsPort: https,
    folder,
    nginx,
    servers: fakes,
    received: () => fakes.flatMap((fake) => fake.received).filter(({ url }) => url !== '/livez'),
    ask: (path: string, asked: Asked = {}) => askHttp(asked.port ?? http, path, asked),
    [Symbol.asyncDispose]: () => whole.disposeAsync(),
  });
};

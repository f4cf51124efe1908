import { z } from 'zod';
import type { Cluster } from './cluster.ts';
import { programLabels, removeProgram, startProgram } from './pods.ts';
import { FULLNAME, RELEASE } from './release.ts';

const NAME = 'late-answers';
const POSTGRES = { 'app.kubernetes.io/instance': RELEASE, 'app.kubernetes.io/component': 'postgres' };
/** Where the pod listens for connections to each of them. */
export const PORTS = { primary: 5432, standby: 5433 };

const secretSchema = z.object({ data: z.record(z.string(), z.string()) });

/** The demo's secrets, with addresses that lead through the pod. */
const secretsThrough = async (cluster: Cluster): Promise<Record<string, string>> => {
  const text = await cluster.kubectl(['get', 'secret', `${FULLNAME}-demo`, '--output', 'json']);
  const { data } = secretSchema.parse(JSON.parse(text));
  const plain = (key: string) => Buffer.from(data[key] ?? '', 'base64').toString('utf8');
  const through = (key: string, port: number) => plain(key).replace(/@[^/]+\//, `@${NAME}:${port}/`);
  return {
    DATABASE_URL: through('DATABASE_URL', PORTS.primary),
    DATABASE_REPLICA_URLS: through('DATABASE_REPLICA_URLS', PORTS.standby),
    DATABASE_MIGRATION_URL: plain('DATABASE_MIGRATION_URL'),
    DATA_KEY: plain('DATA_KEY'),
    AUTH_SECRET: plain('AUTH_SECRET'),
  };
};

export interface SlowDatabase {
  /** For a release of its own. */
  secrets: Record<string, string>;
  /** How much later answers come from now on. */
  later(ms: number): Promise<void>;
  remove(): Promise<void>;
}

/** A way to the demo's databases on which answers come later. */
export const openSlowDatabase = async (cluster: Cluster, laterMs: number): Promise<SlowDatabase> => {
  const labels = programLabels(NAME);
  const routes = [
    { port: PORTS.primary, host: `${FULLNAME}-demo-postgres` },
    { port: PORTS.standby, host: `${FULLNAME}-demo-postgres-standby` },
  ];
  const ports = Object.entries(PORTS).map(([name, port]) => ({ name, port }));
  await cluster.apply([
    { apiVersion: 'v1', kind: 'Service', metadata: { name: NAME, labels }, spec: { selector: labels, ports } },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: NAME, labels },
      spec: { podSelector: { matchLabels: POSTGRES }, ingress: [{ from: [{ podSelector: { matchLabels: labels } }] }] },
    },
  ]);
  const env = { ROUTES: JSON.stringify(routes), LATER_MS: String(laterMs) };
  await startProgram(cluster, NAME, 'late-answers.ts', '/', env);
  return {
    secrets: await secretsThrough(cluster),
    later: async (ms) => void (await cluster.get(NAME, 8080, `/?ms=${ms}`)),
    async remove() {
      await removeProgram(cluster, NAME);
      await cluster.kubectl(['delete', 'service,networkpolicy', NAME]);
    },
  };
};

import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { manifestsOf, type Values } from '../rendering/helm.ts';
import { objectsIn } from '../rendering/manifest.ts';

const configMap = z.looseObject({ data: z.record(z.string(), z.string()) });

/** What pods have and a test cannot: their ports, their servers' port, their name server. */
export interface Surroundings {
  http: number;
  https: number;
  health: number;
  servers: number;
  nameServer: number;
}

const known = new Map<string, Record<string, string>>();

/** The files of the edge's ConfigMap by their names. */
export const edgeFiles = async (values: Values): Promise<Record<string, string>> => {
  const key = JSON.stringify(values);
  const before = known.get(key);
  if (before) return before;
  const objects = objectsIn(await manifestsOf(values, '--show-only', 'templates/edge/config-map.yaml'));
  const { data } = configMap.parse(objects[0]);
  known.set(key, data);
  return data;
};

/**
 * Writes them into a new folder the way nginx can run with them here, and answers it; `change` may break them. The certificate
 * belongs in `tls` there, and the log of requests is `access.log`.
 */
export const writeEdgeFiles = async (
  values: Values,
  { http, https, health, servers, nameServer }: Surroundings,
  change: (text: string) => string = (text) => text,
): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-edge-'));
  await mkdir(join(folder, 'tls'));
  const files = await edgeFiles(values);
  for (const [name, text] of Object.entries(files)) {
    const here = text
      .replaceAll('/run/edge', folder)
      .replaceAll('/etc/innkeeper-edge-tls', join(folder, 'tls'))
      .replace('/dev/stdout', join(folder, 'access.log'))
      .replace('listen 8080', `listen 127.0.0.1:${http}`)
      .replace('listen 8443', `listen 127.0.0.1:${https}`)
      .replace('listen 8081', `listen 127.0.0.1:${health}`)
      .replaceAll(':3000 resolve', `:${servers} resolve`);
    await writeFile(join(folder, name), change(here));
  }
  await writeFile(join(folder, 'resolver.conf'), `resolver 127.0.0.1:${nameServer} valid=1s ipv6=off;\n`);
  return folder;
};

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Check } from '../check.ts';
import { execute } from '../execute.ts';
import { ROOT } from '../rendering/helm.ts';

const PAGE = 'README.md';
const TABLE = /<!-- resources of the Tiltfile -->\n+\| resource .*\n\|[-|]+\n((?:\|.*\n)+)/;

/** Names a context that Tilt takes for a local cluster; nothing is asked of it. */
const KUBECONFIG = {
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'kind-innkeeper', cluster: { server: 'https://127.0.0.1:1' } }],
  contexts: [{ name: 'kind-innkeeper', context: { cluster: 'kind-innkeeper', user: 'nobody' } }],
  users: [{ name: 'nobody', user: {} }],
  'current-context': 'kind-innkeeper',
};

const result = z.object({ Manifests: z.array(z.object({ Name: z.string() })) });

/** The first column of the table of resources; several may share a row. */
export const resourcesIn = (page: string): string[] =>
  (TABLE.exec(page)?.[1] ?? '')
    .split('\n')
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));

const evaluated = async (): Promise<string[]> => {
  const home = await mkdtemp(join(tmpdir(), 'innkeeper-tilt-'));
  try {
    const kubeconfig = join(home, 'kubeconfig');
    await writeFile(kubeconfig, JSON.stringify(KUBECONFIG));
    const { status, stdout, stderr } = await execute('tilt', ['alpha', 'tiltfile-result'], {
      cwd: ROOT,
      env: { HOME: home, KUBECONFIG: kubeconfig, DO_NOT_TRACK: '1' },
    });
    if (status !== 0) throw new Error(stderr.trim());
    return result.parse(JSON.parse(stdout)).Manifests.map(({ Name }) => Name);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
};

export const tiltfile: Check = {
  name: 'Tiltfile: its resources are those of README.md',
  programs: ['tilt', 'helm'],
  optional: true,
  async run() {
    const [found, page] = await Promise.all([evaluated(), readFile(join(ROOT, PAGE), 'utf8')]);
    const listed = resourcesIn(page);
    return [
      {
        name: `${found.length} resources`,
        faults: [
          ...found.filter((name) => !listed.includes(name)).map((name) => `${PAGE} does not list ${name}`),
          ...listed.filter((name) => !found.includes(name)).map((name) => `${PAGE} lists ${name}, which is not there`),
        ],
      },
    ];
  },
};

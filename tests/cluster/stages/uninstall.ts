import type { Cluster } from '../cluster.ts';
import { withoutOperator } from '../definitions.ts';
import { objectsOf } from '../inventory.ts';
import { openRelease } from '../release.ts';
import type { Stage } from '../stage.ts';
import { BASE } from '../values.ts';

/** A release with a database of its own, which is only rendered and stored: no operator makes anything of it. */
const CLUSTERED = {
  ...BASE,
  demo: { enabled: false },
  ingress: { mode: 'off' },
  web: { ...BASE.web, replicas: 1 },
  secrets: {
    values: {
      DATA_KEY: 'data-key-of-the-cluster-test-0123456789',
      AUTH_SECRET: 'auth-secret-of-the-cluster-test-012345',
    },
  },
  postgres: {
    cluster: {
      enabled: true,
      pooler: { enabled: true },
      backup: { enabled: true, objectStore: { configuration: { destinationPath: 's3://backups/' } } },
    },
  },
};

const KEPT = ['Cluster/kept-innkeeper-postgres', 'ObjectStore/kept-innkeeper-postgres'];

/** What is there once nothing goes away any more. */
const whatIsLeft = (cluster: Cluster, expected: readonly string[]): Promise<string[]> => {
  let left: string[] = [];
  return cluster
    .until('the objects to go', 180, async () => {
      left = await objectsOf(cluster);
      return left.length <= expected.length ? left : null;
    })
    .catch(() => left);
};

const list = (objects: readonly string[]) => objects.join(', ') || 'nothing';

/** Uninstalling leaves the Cluster and where its backups are, and nothing else. */
export const uninstall: Stage = {
  name: 'uninstall',
  async run({ cluster, release, report, signal }) {
    const bare = ['ConfigMap/kube-root-ca.crt', 'ServiceAccount/default'];
    await release.uninstall();
    const left = (await whatIsLeft(cluster, bare)).filter((object) => !bare.includes(object));
    report.check('left by the demo', list(left), 'nothing', left.length === 0);

    await withoutOperator(async () => {
      const kept = openRelease(cluster.namespace, signal, 'kept');
      await kept.store(CLUSTERED);
      await kept.uninstall();
      const expected = [...bare, ...KEPT];
      const there = (await whatIsLeft(cluster, expected)).filter((object) => !bare.includes(object));
      report.check('left by a release with a Cluster', list(there), list(KEPT), list(there) === list(KEPT));
    });
  },
};

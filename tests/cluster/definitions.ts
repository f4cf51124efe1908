import { TEST_LABEL } from './cluster.ts';
import { run } from './command.ts';

const KINDS = [
  { group: 'postgresql.cnpg.io', kind: 'Cluster' },
  { group: 'postgresql.cnpg.io', kind: 'Pooler' },
  { group: 'postgresql.cnpg.io', kind: 'ScheduledBackup' },
  { group: 'barmancloud.cnpg.io', kind: 'ObjectStore' },
];

const nameOf = ({ group, kind }: (typeof KINDS)[number]) => `${kind.toLowerCase()}s.${group}`;

/** Any object of the kind is taken: the test asks what becomes of it, not what is in it. */
const definition = ({ group, kind }: (typeof KINDS)[number]) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: nameOf({ group, kind }), labels: { [TEST_LABEL]: 'true' } },
  spec: {
    group,
    scope: 'Namespaced',
    names: { kind, plural: `${kind.toLowerCase()}s`, singular: kind.toLowerCase() },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
});

const isDefined = (name: string): Promise<boolean> =>
  run('kubectl', ['get', 'crd', name]).then(
    () => true,
    () => false,
  );

/** Runs `work` with the kinds of CloudNativePG defined; those that were not are taken away again. */
export const withoutOperator = async (work: () => Promise<void>): Promise<void> => {
  const missing: typeof KINDS = [];
  for (const kind of KINDS) if (!(await isDefined(nameOf(kind)))) missing.push(kind);
  const names = missing.map((kind) => `crd/${nameOf(kind)}`);
  try {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: missing.map(definition) });
    if (names.length) {
      await run('kubectl', ['apply', '--server-side', '--filename', '-'], { input });
      await run('kubectl', ['wait', '--for=condition=Established', '--timeout=60s', ...names]);
    }
    await work();
  } finally {
    if (names.length) await run('kubectl', ['delete', ...names, '--timeout=60s']);
  }
};

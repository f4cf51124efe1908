import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cluster, isReady, TEST_LABEL } from './cluster.ts';
import { NAMES } from './images/make.ts';

/** What Pod Security "restricted" asks of a container. */
export const RESTRICTED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

const PROGRAM_LABEL = 'innkeeper.dev/program';

/** Labels of the pod that runs a program of the test. */
export const programLabels = (name: string) => ({ [TEST_LABEL]: 'true', [PROGRAM_LABEL]: name });

/** Runs a program of `load/` in a pod on the product's image, and waits until it answers on port 8080. */
export const startProgram = async (
  cluster: Cluster,
  name: string,
  file: string,
  probe: string,
  env: Record<string, string>,
): Promise<void> => {
  const labels = programLabels(name);
  const program = await readFile(join(import.meta.dirname, 'load', file), 'utf8');
  await cluster.apply([
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data: { [file]: program } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels },
      spec: {
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 1,
        automountServiceAccountToken: false,
        containers: [
          {
            name: 'program',
            image: NAMES.application,
            imagePullPolicy: 'IfNotPresent',
            command: ['node', `/program/${file}`],
            env: Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
            securityContext: RESTRICTED,
            readinessProbe: { httpGet: { path: probe, port: 8080 }, periodSeconds: 1, timeoutSeconds: 5 },
            volumeMounts: [{ name: 'program', mountPath: '/program' }],
          },
        ],
        volumes: [{ name: 'program', configMap: { name } }],
      },
    },
  ]);
  await cluster.until(`the pod ${name}`, 60, async () => {
    const pods = await cluster.pods(`${PROGRAM_LABEL}=${name}`);
    return pods.find(isReady) ?? null;
  });
};

export const removeProgram = async (cluster: Cluster, name: string): Promise<void> => {
  await cluster.kubectl(['delete', 'pod,configmap', name, '--wait=false']);
};

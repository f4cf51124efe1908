import { missingPrograms } from '../../prometheus/src/programs.ts';
import { run } from './command.ts';

const PROGRAMS = ['kubectl', 'helm', 'prometheus', 'python3'] as const;

const KEDA = 'KEDA 2.16 or later is not in the cluster: see https://keda.sh/docs/latest/deploy/';

export interface Given {
  /** Loads an image archive into the cluster. */
  loadImage: string;
  /** What the API server is. */
  server: string;
}

const succeeds = (args: readonly string[]): Promise<boolean> =>
  run('kubectl', args, { timeoutMs: 20_000 }).then(
    () => true,
    () => false,
  );

/** Finds out what the test runs on; throws what is missing, one a line, with where to get it. */
export const findNeeded = async (env: NodeJS.ProcessEnv): Promise<Given> => {
  const faults = missingPrograms(PROGRAMS);
  const loadImage = env.INNKEEPER_IMAGE_LOAD ?? '';
  if (!env.KUBECONFIG)
    faults.push(
      'KUBECONFIG is not set. It says which cluster to install on: a kind, k3d or other one to try things out.',
    );
  if (!loadImage)
    faults.push(
      'INNKEEPER_IMAGE_LOAD is not set. It is the command that loads an image archive into the cluster, like `kind load image-archive` or ' +
        '`k3d image import {}`; the archive stands where {} does, or at its end.',
    );
  if (!faults.length) {
    if (!(await succeeds(['get', '--raw', '/readyz'])))
      faults.push(`The cluster that KUBECONFIG (${env.KUBECONFIG}) names does not answer.`);
    else if (!(await succeeds(['get', 'crd', 'scaledobjects.keda.sh']))) faults.push(KEDA);
  }
  if (faults.length) throw new Error(faults.join('\n'));
  const version = await run('kubectl', ['version', '--output', 'json']);
  return { loadImage, server: /"serverVersion":[^}]*"gitVersion": "v([^"]+)"/.exec(version)?.[1] ?? 'unknown' };
};

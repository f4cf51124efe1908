import { join } from 'node:path';
import { type Execution, execute, outputOf } from '../execute.ts';

export type Values = Record<string, unknown>;

export const ROOT = join(import.meta.dirname, '../../..');
export const CHART = join(ROOT, 'helm/innkeeper');

/** The release that the checks and the plain manifests are rendered as. */
const RELEASE = ['innkeeper', '--namespace', 'innkeeper'];

const helm = (command: readonly string[], values: Values, args: readonly string[]): Promise<Execution> => {
  const [verb = '', ...more] = command;
  return execute(
    'helm',
    [verb, ...RELEASE.slice(0, 1), CHART, ...RELEASE.slice(1), ...more, ...args, '--values', '-'],
    {
      input: JSON.stringify(values),
      // No cluster is asked anything, whatever is set up here.
      env: { KUBECONFIG: '/dev/null' },
    },
  );
};

export const template = (values: Values, ...args: string[]): Promise<Execution> => helm(['template'], values, args);

/** Helm 3 asks the cluster's version even for a dry run. */
export const canInstallDry = async (): Promise<boolean> =>
  !(await outputOf('helm', ['version', '--short'])).startsWith('v3');

/** What `helm install` would send, with a head of its own before the manifests. */
export const dryInstall = (values: Values): Promise<Execution> => helm(['install', '--dry-run=client'], values, []);

/** What is rendered; throws what Helm says where nothing is. */
export const manifestsOf = async (values: Values, ...args: string[]): Promise<string> => {
  const { status, stdout, stderr } = await template(values, ...args);
  if (status !== 0) throw new Error(stderr.trim());
  return stdout;
};

import { isDeepStrictEqual } from 'node:util';
import type { Check } from '../check.ts';
import { canInstallDry, dryInstall, manifestsOf } from '../rendering/helm.ts';
import { type ManifestObject, nameOf, objectsIn } from '../rendering/manifest.ts';
import { rendered, renderedText } from '../rendering/value-sets.ts';
import { eachSet } from './each-set.ts';

/** `helm install` says something of the release first, then what is run by hooks, then the rest, and its NOTES last. */
const installed = (output: string): ManifestObject[] => {
  const [, hooks = '', manifest = ''] = output.split(/^(?:HOOKS|MANIFEST):$/m);
  const [objects = ''] = manifest.split(/^NOTES:$/m);
  return objectsIn(`${hooks}\n${objects}`);
};

const byName = (objects: readonly ManifestObject[]): Map<string, ManifestObject> =>
  new Map(objects.map((object) => [nameOf(object), object]));

const differences = (template: readonly ManifestObject[], install: readonly ManifestObject[]): string[] => {
  const [one, other] = [byName(template), byName(install)];
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((name) => !isDeepStrictEqual(one.get(name), other.get(name)))
    .map((name) => `${name} is not the same by helm template and by helm install`);
};

export const sameOutput: Check = {
  name: 'the same output each time, and by template and install',
  programs: ['helm'],
  async run() {
    const dry = await canInstallDry();
    return eachSet(
      async (set) => {
        const again = manifestsOf(set.values);
        const faults = (await again) === (await renderedText(set)) ? [] : ['a second helm template gives other bytes'];
        if (!dry) return { name: `${set.name} (template alone: Helm 3 installs nothing without a cluster)`, faults };
        const { status, stdout, stderr } = await dryInstall(set.values);
        if (status !== 0) return { name: set.name, faults: [...faults, stderr.trim()] };
        return { name: set.name, faults: [...faults, ...differences(await rendered(set), installed(stdout))] };
      },
      ({ args }) => args.length === 0,
    );
  },
};

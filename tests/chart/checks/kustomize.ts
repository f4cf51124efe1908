import { join } from 'node:path';
import { NAMESPACE, overlays } from '../../../k8s/src/flavours.ts';
import { jsonPatch } from '../../../k8s/src/json-patch.ts';
import { plainObjects, unmarked } from '../../../k8s/src/plain-objects.ts';
import type { Check } from '../check.ts';
import { outputOf } from '../execute.ts';
import { ROOT } from '../rendering/helm.ts';
import { type ManifestObject, nameOf, objectsIn } from '../rendering/manifest.ts';

/** As the chart has it: in no namespace, where kustomize gives it the right one. */
const placeless = (object: ManifestObject): unknown => {
  const { namespace, ...metadata } = object.metadata;
  return unmarked({ ...object, metadata: namespace === NAMESPACE ? metadata : object.metadata });
};

const differences = (built: ReadonlyMap<string, unknown>, wanted: ReadonlyMap<string, unknown>): string[] =>
  [...new Set([...built.keys(), ...wanted.keys()])].flatMap((name) =>
    jsonPatch(wanted.get(name), built.get(name)).map(({ path }) => `${name}${path} is not as the chart renders it`),
  );

export const kustomize: Check = {
  name: 'kustomize makes of k8s/ what the chart renders',
  programs: ['helm', 'kubectl'],
  run: () =>
    Promise.all(
      Object.entries(overlays).map(async ([name, values]) => {
        const [text, wanted] = await Promise.all([
          outputOf('kubectl', ['kustomize', join(ROOT, 'k8s/overlays', name)]),
          plainObjects(values),
        ]);
        const built = objectsIn(text).filter(({ kind }) => kind !== 'Namespace');
        return {
          name,
          faults: differences(new Map(built.map((object) => [nameOf(object), placeless(object)])), wanted),
        };
      }),
    ),
};

import type { Files } from '../../helm/src/files.ts';
import { fileNameOf } from './file-names.ts';
import { NAMESPACE } from './flavours.ts';
import { jsonPatch } from './json-patch.ts';
import type { PlainObjects } from './plain-objects.ts';
import { yamlText } from './yaml-text.ts';

const IMAGE = 'ghcr.io/innkeeper-booking/innkeeper';

const kustomization = (rest: Record<string, unknown>): [string, string] => [
  'kustomization.yaml',
  yamlText([{ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', namespace: NAMESPACE, ...rest }]),
];

/** The objects in their files. */
const filesWith = (objects: PlainObjects): [string, string][] => {
  const files = Map.groupBy(objects, ([name, object]) => fileNameOf(name, object));
  return [...files].map(([file, entries]) => [file, yamlText(entries.map(([, object]) => object))]);
};

const namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
};

export const baseFiles = (objects: PlainObjects): Files => {
  const files = filesWith(objects);
  const resources = ['namespace.yaml', ...files.map(([file]) => file).toSorted()];
  return new Map([...files, ['namespace.yaml', yamlText([namespace])], kustomization({ resources })]);
};

/** What an overlay has beside the base's objects, and how it changes them. */
export const overlayFiles = (base: PlainObjects, objects: PlainObjects, version: string): Files => {
  const gone = [...base.keys()].filter((name) => !objects.has(name));
  if (gone.length > 0) throw new Error(`The base has what an overlay has not: ${gone.join(', ')}`);
  const files = filesWith(new Map([...objects].filter(([name]) => !base.has(name))));
  const changed = [...base]
    .map(([name, object]) => ({ name, operations: jsonPatch(object, objects.get(name)) }))
    .filter(({ operations }) => operations.length > 0)
    .map(({ name, operations }) => ({ name, file: `patch-${name.replace('/', '-').toLowerCase()}.yaml`, operations }));
  const patches = changed.map(({ name, file }) => {
    const [kind, object] = name.split('/');
    return { target: { kind, name: object }, path: file };
  });
  const resources = ['../../base', ...files.map(([file]) => file).toSorted()];
  return new Map([
    ...files,
    ...changed.map(({ file, operations }): [string, string] => [file, yamlText([operations])]),
    kustomization({ resources, images: [{ name: IMAGE, newTag: version }], patches }),
  ]);
};

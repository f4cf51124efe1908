import { podOf } from '../pods/pod.ts';
import { type ManifestObject, nameOf } from '../rendering/manifest.ts';

const PREFIX = 'app.kubernetes.io/';
const OF_SELECTORS = ['name', 'instance', 'component'].map((name) => PREFIX + name);
const OF_OBJECTS = [
  ...OF_SELECTORS,
  ...['version', 'part-of', 'managed-by'].map((name) => PREFIX + name),
  'helm.sh/chart',
];

const lacking = (labels: Record<string, string>, names: readonly string[]): string[] =>
  names.filter((name) => !labels[name]);

/** Labels that objects or the pods that they make don't have. */
export const labelFaults = (objects: readonly ManifestObject[]): string[] =>
  objects.flatMap((object) => [
    ...lacking(object.metadata.labels, OF_OBJECTS).map((label) => `${nameOf(object)} has no label ${label}`),
    ...lacking(podOf(object)?.metadata.labels ?? {}, podOf(object) ? OF_SELECTORS : []).map(
      (label) => `${nameOf(object)} makes pods without the label ${label}`,
    ),
  ]);

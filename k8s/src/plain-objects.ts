import { manifestsOf, type Values } from '../../tests/chart/rendering/helm.ts';
import { type ManifestObject, nameOf, objectsIn } from '../../tests/chart/rendering/manifest.ts';

const HELM = /^helm\.sh\/|^app\.kubernetes\.io\/managed-by$/;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The same without labels and annotations that say how Helm treats an object. */
export const unmarked = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(unmarked);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !HELM.test(key))
      .map(([key, inner]) => [key, unmarked(inner)])
      .filter(([key, inner]) => key !== 'annotations' || Object.keys(Object(inner)).length > 0),
  );
};

export type PlainObjects = ReadonlyMap<string, unknown>;

/** `helm test` and hooks have no place where nothing but Helm would run them. */
const isHelms = ({ metadata }: ManifestObject): boolean =>
  'helm.sh/hook' in metadata.annotations || metadata.labels['app.kubernetes.io/component'] === 'test';

/** What values render to, by kind and name, without what only Helm runs. */
export const plainObjects = async (values: Values): Promise<PlainObjects> =>
  new Map(
    objectsIn(await manifestsOf(values))
      .filter((object) => !isHelms(object))
      .map((object) => [nameOf(object), unmarked(object)]),
  );

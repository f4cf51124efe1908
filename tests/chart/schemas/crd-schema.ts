import { z } from 'zod';

const definition = z.looseObject({
  kind: z.literal('CustomResourceDefinition'),
  spec: z.looseObject({
    group: z.string(),
    names: z.looseObject({ kind: z.string() }),
    versions: z.array(
      z.looseObject({ name: z.string(), schema: z.looseObject({ openAPIV3Schema: z.looseObject({}) }) }),
    ),
  }),
});

export interface KindSchema {
  group: string;
  kind: string;
  version: string;
  schema: Record<string, unknown>;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const eachOf = (schemas: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(isObject(schemas) ? schemas : {}).map(([name, schema]) => [name, strict(schema)]));

/** A schema of OpenAPI as Kubernetes uses it, as JSON Schema that refuses fields which it doesn't know. */
const strict = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(strict);
  if (!isObject(schema)) return schema;
  const { properties, items, additionalProperties, nullable, type, ...rest } = schema;
  const closed = properties !== undefined && additionalProperties === undefined;
  return {
    ...rest,
    ...(schema['x-kubernetes-int-or-string'] ? { type: ['integer', 'string'] } : type === undefined ? {} : { type }),
    ...(nullable && typeof type === 'string' ? { type: [type, 'null'] } : {}),
    ...(properties === undefined ? {} : { properties: eachOf(properties) }),
    ...(items === undefined ? {} : { items: strict(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: strict(additionalProperties) }),
    // An alternative in anyOf and the like only names what it is about, so it stays open.
    ...(closed && !schema['x-kubernetes-preserve-unknown-fields'] ? { additionalProperties: false } : {}),
  };
};

/** The schemas of a CustomResourceDefinition, one for each version. */
export const schemasOf = (crd: unknown): KindSchema[] => {
  const { spec } = definition.parse(crd);
  return spec.versions.map(({ name, schema }) => {
    const root = strict(schema.openAPIV3Schema);
    return { group: spec.group, kind: spec.names.kind, version: name, schema: isObject(root) ? root : {} };
  });
};

import { type Components, type JsonSchema, resolve } from './json-schema.ts';

/** What a value may be: the schema, or each of its `anyOf`/`oneOf` branches, references followed. */
export const alternatives = (schema: JsonSchema, components: Components): JsonSchema[] => {
  const resolved = resolve(schema, components);
  const branches = resolved.anyOf ?? resolved.oneOf;
  return branches ? branches.flatMap((branch) => alternatives(branch, components)) : [resolved];
};

const typeOf = (value: unknown) => (value === null ? 'null' : typeof value);

/** JSON types that a schema without branches accepts; empty where it says nothing. */
export const typesOf = (schema: JsonSchema): string[] => {
  if (schema.type) return [schema.type].flat();
  if ('const' in schema) return [typeOf(schema.const)];
  return [...new Set(schema.enum?.map(typeOf))];
};

/** The schema of the items where a value is a list written by repeating the key. */
export const repeatedItems = (schema: JsonSchema, components: Components): JsonSchema | undefined => {
  const list = alternatives(schema, components).find((one) => typesOf(one).includes('array') && !one.prefixItems);
  return list?.items && !isJsonEncoded(list.items, components) ? list.items : undefined;
};

/** True where a parameter is written as JSON text: objects, and lists of objects or lists. */
export const isJsonEncoded = (schema: JsonSchema, components: Components): boolean =>
  alternatives(schema, components).some((one) => {
    const types = typesOf(one);
    return types.includes('object') || (types.includes('array') && !repeatedItems(one, components));
  });

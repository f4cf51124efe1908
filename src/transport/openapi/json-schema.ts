/** The part of JSON Schema (2020-12) that the reference and the query reader look at; other keywords pass through. */
export interface JsonSchema {
  [keyword: string]: unknown;
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
}

export type Components = Record<string, JsonSchema>;

/** Where the document keeps its shared schemas. */
export const COMPONENTS = '#/components/schemas/';

/** The name of the component that a schema points to, if it does. */
export const componentName = (schema: JsonSchema): string | undefined => schema.$ref?.slice(COMPONENTS.length);

/** Follows references to the schema itself. */
export const resolve = (schema: JsonSchema, components: Components): JsonSchema => {
  const target = components[componentName(schema) ?? ''];
  return target ? resolve(target, components) : schema;
};

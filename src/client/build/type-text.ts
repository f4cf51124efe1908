import { componentName, type JsonSchema } from '../../transport/openapi/json-schema.ts';

const PRIMITIVES: Record<string, string> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
};

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

export const propertyName = (name: string): string => (IDENTIFIER.test(name) ? name : JSON.stringify(name));

const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');

const literal = (value: unknown): string => JSON.stringify(value);

/** A doc comment above what it describes; empty when there is nothing to say. */
export const docComment = (...lines: (string | undefined)[]): string => {
  const said = lines.filter((line) => line !== undefined).map((line) => line.replaceAll('*/', '*\\/'));
  if (said.length === 0) return '';
  return said.length === 1 ? `/** ${said[0]} */\n` : `/**\n${said.map((line) => ` * ${line}\n`).join('')} */\n`;
};

const isShared = (schema: JsonSchema): boolean => componentName(schema) !== undefined;

const property = (name: string, schema: JsonSchema, required: boolean): string => {
  const doc = isShared(schema) ? undefined : schema.description;
  const fallback = schema.default === undefined ? undefined : `@default ${literal(schema.default)}`;
  const type = required ? `: ${typeText(schema)}` : `?: ${typeText(schema)} | undefined`;
  return `${docComment(doc, fallback)}${propertyName(name)}${type};\n`;
};

/** The named fields of an object, `{ a: string; b?: number }` on lines. A key that the client makes may be left out. */
export const objectText = (schema: JsonSchema): string => {
  const required = new Set(schema.required);
  required.delete('idempotencyKey');
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return 'Record<string, never>';
  return `{\n${indent(fields.map(([name, field]) => property(name, field, required.has(name))).join(''))}}`;
};

export const isObject = (schema: JsonSchema): boolean =>
  schema.type === 'object' && (schema.properties !== undefined || schema.additionalProperties === false);

const union = (parts: string[], by: ' | ' | ' & ' = ' | '): string => {
  const distinct = [...new Set(parts)];
  const text = distinct.map((part) => (by === ' & ' && part.includes(' | ') ? `(${part})` : part)).join(by);
  return text || 'never';
};

const arrayText = (schema: JsonSchema): string => {
  const { prefixItems, items } = schema;
  if (Array.isArray(prefixItems)) return `[${prefixItems.map((item: JsonSchema) => typeText(item)).join(', ')}]`;
  const item = items ? typeText(items) : 'unknown';
  return /^[\w.]+$/.test(item) || item.startsWith('{') ? `${item}[]` : `(${item})[]`;
};

const recordText = ({ additionalProperties, propertyNames }: JsonSchema): string => {
  const keys = propertyNames as JsonSchema | undefined;
  const value = typeof additionalProperties === 'object' ? typeText(additionalProperties) : 'unknown';
  return keys?.enum ? `Partial<Record<${typeText(keys)}, ${value}>>` : `Record<string, ${value}>`;
};

const ofType = (schema: JsonSchema, type: string): string => {
  if (type === 'array') return arrayText(schema);
  if (type === 'object') return isObject(schema) ? objectText(schema) : recordText(schema);
  const primitive = PRIMITIVES[type];
  if (!primitive) throw new Error(`no TypeScript type for the JSON type ${type}`);
  return primitive;
};

/** The TypeScript type of the values that a JSON Schema describes; components by their names. */
export const typeText = (schema: JsonSchema): string => {
  const name = componentName(schema);
  if (name) return name;
  if ('const' in schema) return literal(schema.const);
  if (schema.enum) return union(schema.enum.map(literal));
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return union(alternatives.map(typeText));
  if (Array.isArray(schema.allOf)) return union(schema.allOf.map(typeText), ' & ');
  if ('not' in schema) return 'never';
  if (schema.type === undefined) return 'unknown';
  return union([schema.type].flat().map((type) => ofType(schema, type)));
};

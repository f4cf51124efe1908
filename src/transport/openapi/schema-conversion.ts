import { z } from 'zod';
import { COMPONENTS, type Components, type JsonSchema } from './json-schema.ts';

export interface Conversion {
  /** Named in errors: the procedure and the side. */
  owner: string;
  io: 'input' | 'output';
  schema: z.ZodType;
}

interface Converted {
  io: Conversion['io'];
  root: JsonSchema;
  definitions: Components;
}

const DEFINITIONS = '#/$defs/';
/** Formats say it already; the patterns that zod adds for them are long and say no more. */
const SELF_EXPLAINING = new Set(['date', 'date-time', 'time', 'uuid']);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const convert = ({ owner, io, schema }: Conversion): Converted => {
  try {
    const whole = z.toJSONSchema(schema, {
      io,
      override: ({ jsonSchema }) => {
        if (jsonSchema.format && SELF_EXPLAINING.has(jsonSchema.format)) delete jsonSchema.pattern;
      },
    });
    const { $schema: _dialect, $defs = {}, ...root } = whole as JsonSchema;
    const definitions = $defs as Components;
    if (Object.keys(definitions).some((name) => name.startsWith('__'))) {
      throw new Error('a schema that contains itself needs .meta({ id })');
    }
    return { io, root, definitions };
  } catch (cause) {
    throw new Error(`${owner} has no JSON Schema: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
};

const mapRefs = (value: unknown, rename: (ref: string) => string): unknown => {
  if (Array.isArray(value)) return value.map((item) => mapRefs(item, rename));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' ? rename(inner) : mapRefs(inner, rename),
    ]),
  );
};

const refersTo = (schema: JsonSchema, names: Set<string>): boolean => {
  let found = false;
  mapRefs(schema, (ref) => {
    found ||= names.has(ref.slice(DEFINITIONS.length));
    return ref;
  });
  return found;
};

const collect = (converted: Converted[], io: Conversion['io']): Map<string, JsonSchema> => {
  const byName = new Map<string, JsonSchema>();
  for (const [name, schema] of converted
    .filter((one) => one.io === io)
    .flatMap((one) => Object.entries(one.definitions))) {
    const known = byName.get(name);
    if (known && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`two different schemas carry the id ${name}`);
    }
    byName.set(name, schema);
  }
  return byName;
};

/** Ids whose JSON differs between sending and receiving (defaults), themselves or through what they contain. */
const twoSided = (inputs: Map<string, JsonSchema>, outputs: Map<string, JsonSchema>): Set<string> => {
  const names = new Set<string>();
  for (let before = -1; before !== names.size; ) {
    before = names.size;
    for (const [name, schema] of inputs) {
      const other = outputs.get(name);
      if (other && (JSON.stringify(schema) !== JSON.stringify(other) || refersTo(schema, names))) names.add(name);
    }
  }
  return names;
};

/**
 * Converts all schemas of a document at once. Those with `.meta({ id })` become shared components; where one reads
 * differently as input than as output, the input side is called `<id>Input`. Throws, naming the owner, for what JSON
 * Schema cannot express and for two schemas under one id.
 */
export const toJsonSchemas = (conversions: Conversion[]): { schemas: JsonSchema[]; components: Components } => {
  const converted = conversions.map(convert);
  const [inputs, outputs] = [collect(converted, 'input'), collect(converted, 'output')];
  const differing = twoSided(inputs, outputs);
  const nameOf = (name: string, io: Conversion['io']) =>
    io === 'input' && differing.has(name) ? `${name}Input` : name;
  const place = (schema: JsonSchema, io: Conversion['io']) =>
    mapRefs(schema, (ref) => `${COMPONENTS}${nameOf(ref.slice(DEFINITIONS.length), io)}`) as JsonSchema;
  const named = [
    ...[...outputs].map(([name, schema]) => [name, place(schema, 'output')] as const),
    ...[...inputs].map(([name, schema]) => [nameOf(name, 'input'), place(schema, 'input')] as const),
  ];
  return {
    schemas: converted.map(({ root, io }) => place(root, io)),
    components: Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
};

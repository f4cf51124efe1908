import type { AnyTRPCRouter } from '@trpc/server';
import { z } from 'zod';
import type { ProcedureMeta, RestRoute } from '../trpc/meta.ts';
import { type Components, type JsonSchema, resolve } from './json-schema.ts';
import { toJsonSchemas } from './schema-conversion.ts';
import { readSubscriptions, type Subscription } from './subscriptions.ts';

/** The input field of domain mutations that REST carries as the header `Idempotency-Key`. */
export const IDEMPOTENCY_FIELD = 'idempotencyKey';

/** A procedure that is reachable over REST, with its schemas as JSON Schema. */
export interface Operation {
  /** `bookings.hold` */
  procedurePath: string;
  type: 'query' | 'mutation';
  route: RestRoute;
  permission: string | null;
  /** The fields that the path carries, in order. */
  pathFields: string[];
  /** The whole input of the procedure, path fields and key included; undefined when it takes none. */
  input: JsonSchema | undefined;
  output: JsonSchema;
}

const PATH = /^(\/([\w.~-]+|\{[A-Za-z]\w*\}))+$/;
const SHAPE = /\{[^}]*\}/g;

const isMeta = (meta: unknown): meta is ProcedureMeta => typeof meta === 'object' && meta !== null;
const isZod = (schema: unknown): schema is z.ZodType => schema instanceof z.ZodType;

const readProcedure = (procedurePath: string, definition: { type: string; meta: unknown; inputs: unknown[] }) => {
  const { type, meta, inputs } = definition;
  const output: unknown = Reflect.get(definition, 'output');
  if (!isMeta(meta) || !meta.openapi) return undefined;
  const fault = (what: string) => new Error(`${procedurePath} cannot be served over REST: ${what}`);
  const { method, path } = meta.openapi;
  if (type !== 'query' && type !== 'mutation') throw fault('subscriptions have no REST form');
  if (type === 'mutation' && method === 'GET') throw fault('a mutation cannot be a GET');
  if (!PATH.test(path)) throw fault(`the path ${path} is not made of /words and /{fields}`);
  if (inputs.length > 1 || !inputs.every(isZod)) throw fault('it takes one zod schema as input');
  if (!isZod(output)) throw fault('it names no zod schema as output');
  const pathFields = [...path.matchAll(SHAPE)].map(([field]) => field.slice(1, -1));
  return {
    procedurePath,
    type,
    route: meta.openapi,
    permission: meta.permission,
    pathFields,
    zod: { input: inputs[0], output },
  } as const;
};

const checkInput = (operation: Operation, components: Components) => {
  const { procedurePath, pathFields, input } = operation;
  const shape = input && resolve(input, components);
  if (shape && shape.additionalProperties !== false)
    throw new Error(`${procedurePath}: the input is not a strict object`);
  const absent = pathFields.find((field) => !shape?.required?.includes(field));
  if (absent) throw new Error(`${procedurePath}: {${absent}} in the path is not a required field of the input`);
};

const checkRoutes = (operations: Operation[]) => {
  const routes = new Map<string, string>();
  const shapes = new Map<string, string>();
  for (const { procedurePath, route } of operations) {
    const shape = route.path.replaceAll(SHAPE, '{}');
    const taken = routes.get(`${route.method} ${shape}`);
    if (taken) throw new Error(`${procedurePath} and ${taken} both answer ${route.method} ${route.path}`);
    const spelled = shapes.get(shape) ?? route.path;
    if (spelled !== route.path) throw new Error(`${spelled} and ${route.path} are the same path with other names`);
    routes.set(`${route.method} ${shape}`, procedurePath);
    shapes.set(shape, route.path);
  }
};

export interface Described {
  operations: Operation[];
  subscriptions: Subscription[];
  components: Components;
}

/**
 * Reads every procedure that carries `meta.openapi`, and every subscription; throws at once for what could not work or be
 * described.
 */
export const readOperations = (router: AnyTRPCRouter): Described => {
  const read = Object.entries(router._def.procedures as Record<string, { _def: Parameters<typeof readProcedure>[1] }>)
    .map(([procedurePath, procedure]) => readProcedure(procedurePath, procedure._def))
    .filter((operation) => operation !== undefined);
  const streams = readSubscriptions(router);
  const { schemas, components } = toJsonSchemas([
    ...read.flatMap(({ procedurePath, zod: { input, output } }) => [
      { owner: `the input of ${procedurePath}`, io: 'input' as const, schema: input ?? z.strictObject({}) },
      { owner: `the output of ${procedurePath}`, io: 'output' as const, schema: output },
    ]),
    ...streams.conversions,
  ]);
  const operations = read.map(
    ({ zod: { input }, ...operation }, index): Operation => ({
      ...operation,
      input: input && schemas[2 * index],
      output: schemas[2 * index + 1] ?? {},
    }),
  );
  for (const operation of operations) checkInput(operation, components);
  checkRoutes(operations);
  return { operations, subscriptions: streams.describe(schemas.slice(2 * operations.length)), components };
};

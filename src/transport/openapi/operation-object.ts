import { TIMEOUT_HEADER } from '../limits/request-deadline.ts';
import { errorsOf } from './error-responses.ts';
import { type Components, type JsonSchema, resolve } from './json-schema.ts';
import { IDEMPOTENCY_FIELD, type Operation } from './operations.ts';
import { isJsonEncoded } from './parameter-style.ts';

export interface Ref {
  $ref: string;
}

export interface Media {
  'application/json': { schema: JsonSchema };
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema?: JsonSchema;
  /** Instead of `schema` where the value is written as JSON text. */
  content?: Media;
}

export interface OperationObject {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters: (Parameter | Ref)[];
  requestBody?: { required: boolean; content: Media };
  responses: Record<string, Ref | { description: string; headers: Record<string, Ref>; content: Media }>;
  /** The same call over tRPC: `bookings.hold`. */
  'x-procedure': string;
  'x-permission': string | null;
}

const header = (name: string): Ref => ({ $ref: `#/components/headers/${name}` });
const json = (schema: JsonSchema): Media => ({ 'application/json': { schema } });

const KEY_TEXT =
  'Chosen by the client, new for each intent. Sent again with the same body, the first answer is given again and nothing happens twice; with another body it is a conflict.';

const bodyOf = (input: JsonSchema, shape: JsonSchema, carriedElsewhere: string[]): OperationObject['requestBody'] => {
  const properties = Object.entries(shape.properties ?? {}).filter(([name]) => !carriedElsewhere.includes(name));
  if (properties.length === 0) return undefined;
  const required = (shape.required ?? []).filter((name) => !carriedElsewhere.includes(name));
  const { required: _all, ...rest } = shape;
  const reduced = { ...rest, properties: Object.fromEntries(properties), ...(required.length > 0 && { required }) };
  return { required: required.length > 0, content: json(carriedElsewhere.length === 0 ? input : reduced) };
};

const parameterFor = (place: 'path' | 'query', name: string, shape: JsonSchema, components: Components): Parameter => {
  const whole = shape.properties?.[name] ?? {};
  const { description, ...schema } = whole;
  return {
    name,
    in: place,
    required: shape.required?.includes(name) ?? false,
    ...(description && { description }),
    ...(place === 'query' && isJsonEncoded(whole, components) ? { content: json(schema) } : { schema }),
  };
};

/** `bookings.hold` becomes `bookingsHold`, a name that every code generator can use. */
const operationId = (procedurePath: string) =>
  procedurePath.replaceAll(/\.(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Describes one operation: path and query parameters or body from its input, headers, security, answers. */
export const describeOperation = (operation: Operation, components: Components): OperationObject => {
  const { procedurePath, route, permission, pathFields, input = {} } = operation;
  const shape = resolve(input, components);
  const names = Object.keys(shape.properties ?? {});
  const key = shape.properties?.[IDEMPOTENCY_FIELD];
  const keyParameter: Parameter[] = key
    ? [
        {
          name: 'Idempotency-Key',
          in: 'header',
          required: shape.required?.includes(IDEMPOTENCY_FIELD) ?? false,
          description: KEY_TEXT,
          schema: key,
        },
      ]
    : [];
  const elsewhere = key ? [...pathFields, IDEMPOTENCY_FIELD] : pathFields;
  const queryFields = route.method === 'GET' ? names.filter((name) => !elsewhere.includes(name)) : [];
  const requestBody = route.method === 'GET' ? undefined : bodyOf(input, shape, elsewhere);
  const status = route.successStatus ?? 200;
  return {
    operationId: operationId(procedurePath),
    summary: route.summary,
    ...(route.description && { description: route.description }),
    tags: route.tags ?? [procedurePath.split('.')[0] ?? procedurePath],
    security: permission === null ? [] : [{ bearer: [] }],
    parameters: [
      ...pathFields.map((name) => parameterFor('path', name, shape, components)),
      ...queryFields.map((name) => parameterFor('query', name, shape, components)),
      ...keyParameter,
      { $ref: '#/components/parameters/X-Consistency-Token' },
      ...(operation.type === 'query' ? [{ $ref: '#/components/parameters/X-Accept-Older' }] : []),
      { $ref: `#/components/parameters/${TIMEOUT_HEADER}` },
    ],
    ...(requestBody && { requestBody }),
    responses: {
      [status]: {
        description: status === 201 ? 'Created' : 'Done',
        headers: {
          'X-Request-Id': header('X-Request-Id'),
          'X-Response-Time': header('X-Response-Time'),
          'X-Consistency-Token': header('X-Consistency-Token'),
          ...(operation.type === 'query' && { 'X-Older-Answer': header('X-Older-Answer') }),
        },
        content: json(operation.output),
      },
      ...errorsOf(operation),
    },
    'x-procedure': procedurePath,
    'x-permission': permission,
  };
};

import type { z } from 'zod';
import { errorBody } from '../errors/body.ts';
import { TIMEOUT_HEADER } from '../limits/request-deadline.ts';
import { errorResponses } from './error-responses.ts';
import type { Components, JsonSchema } from './json-schema.ts';
import { describeOperation, type OperationObject, type Ref } from './operation-object.ts';
import type { Operation } from './operations.ts';
import { toJsonSchemas } from './schema-conversion.ts';

export interface ApiInfo {
  title: string;
  version: string;
  /** Shown at the head of the reference: paragraphs, `code`, - lists. */
  description: string;
}

interface Header {
  description: string;
  schema: JsonSchema;
}

export interface OpenApiDocument {
  openapi: string;
  info: ApiInfo;
  servers: { url: string; description: string }[];
  tags: { name: string; description?: string }[];
  paths: Record<string, Record<string, OperationObject>>;
  webhooks: Record<string, { post: WebhookObject }>;
  components: {
    schemas: Components;
    responses: Record<
      string,
      { description: string; headers: Record<string, Ref>; content: Record<string, { schema: JsonSchema }> }
    >;
    parameters: Record<string, { name: string; in: string; required: boolean } & Header>;
    headers: Record<string, Header>;
    securitySchemes: Record<string, Record<string, string>>;
  };
}

interface WebhookObject {
  summary: string;
  tags: string[];
  requestBody: { required: true; content: { 'application/json': { schema: JsonSchema } } };
  responses: Record<string, { description: string }>;
}

/** A message that the server sends, by its type. */
export interface WebhookMessage {
  type: string;
  summary: string;
  body: z.ZodType;
}

export interface DocumentOptions {
  webhooks: readonly WebhookMessage[];
  info: ApiInfo;
  /** Where the routes are mounted: `/api/v1`. */
  basePath: string;
  tagDescriptions: Record<string, string>;
}

const TOKEN = 'How far this client has read and written; a read that carries it is never older.';

const headers: Record<string, Header> = {
  'X-Request-Id': { description: 'Names this request in errors and logs.', schema: { type: 'string' } },
  'X-Response-Time': {
    description: 'Time spent on the server, in milliseconds.',
    schema: { type: 'string', examples: ['12.4ms'] },
  },
  'X-Consistency-Token': {
    description: `${TOKEN} Send the last one received with the next request.`,
    schema: { type: 'string' },
  },
  'X-Older-Answer': {
    description:
      '`true` for an answer that may be older than the token sent, or that stands in for a source that fails.',
    schema: { type: 'string' },
  },
  'Retry-After': { description: 'Seconds to wait before the next try.', schema: { type: 'integer' } },
  'RateLimit-Policy': {
    description: 'How many calls (`q`) the caller has in how many seconds (`w`); absent where calls are not counted.',
    schema: { type: 'string', examples: ['"anonymous";q=100;w=60'] },
  },
  RateLimit: {
    description: 'How many calls are left (`r`), and in how many seconds counting starts anew (`t`).',
    schema: { type: 'string', examples: ['"anonymous";r=97;t=58'] },
  },
};

const parameters: OpenApiDocument['components']['parameters'] = {
  'X-Consistency-Token': {
    name: 'X-Consistency-Token',
    in: 'header',
    required: false,
    description: TOKEN,
    schema: { type: 'string' },
  },
  'X-Accept-Older': {
    name: 'X-Accept-Older',
    in: 'header',
    required: false,
    description:
      '`true` to be given an answer older than the token rather than none, while the primary database is gone.',
    schema: { type: 'string', enum: ['true'] },
  },
  [TIMEOUT_HEADER]: {
    name: TIMEOUT_HEADER,
    in: 'header',
    required: false,
    description: 'How many milliseconds the client waits for its answer; after that nothing more is begun for it.',
    schema: { type: 'integer', minimum: 1 },
  },
};

const webhookObject = (summary: string, schema: JsonSchema): WebhookObject => ({
  summary,
  tags: ['webhooks'],
  requestBody: { required: true, content: { 'application/json': { schema } } },
  responses: {
    '2XX': { description: 'It has arrived.' },
    '410': { description: 'The endpoint is no more; it is switched off.' },
    default: { description: 'It is sent again later.' },
  },
});

/** The OpenAPI 3.1 document of the operations; throws when an id of theirs is taken by the document itself. */
export const buildDocument = (
  operations: Operation[],
  schemas: Components,
  options: DocumentOptions,
): OpenApiDocument => {
  const { info, basePath, tagDescriptions, webhooks } = options;
  const { schemas: bodies, components: own } = toJsonSchemas([
    ...webhooks.map(({ type, body }) => ({ owner: type, io: 'output' as const, schema: body })),
    { owner: 'the error body', io: 'output', schema: errorBody },
  ]);
  const taken = Object.keys(own).find((name) => name in schemas);
  if (taken) throw new Error(`the schema id ${taken} belongs to the document itself`);
  const components = { ...schemas, ...own };
  const paths: OpenApiDocument['paths'] = {};
  for (const operation of operations) {
    const { method, path } = operation.route;
    paths[path] = { ...paths[path], [method.toLowerCase()]: describeOperation(operation, components) };
  }
  const tags = new Set(
    Object.values(paths).flatMap((path) => Object.values(path).flatMap((operation) => operation.tags)),
  );
  return {
    openapi: '3.1.1',
    info,
    servers: [{ url: basePath, description: 'This server' }],
    tags: [...tags].map((name) => ({ name, ...(tagDescriptions[name] && { description: tagDescriptions[name] }) })),
    paths,
    webhooks: Object.fromEntries(
      webhooks.map(({ type, summary }, index) => [type, { post: webhookObject(summary, bodies[index] ?? {}) }]),
    ),
    components: {
      schemas: components,
      responses: errorResponses(),
      parameters,
      headers,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key, or the access token that signing in gives.',
        },
      },
    },
  };
};

import type { Operation } from './operations.ts';

interface ErrorResponse {
  status: number;
  description: string;
  /** Beside the request's id. */
  headers?: string[];
  appliesTo: (operation: Operation) => boolean;
}

const always = () => true;
const takesInput = (operation: Operation) => operation.input !== undefined;
const takesBody = (operation: Operation) => operation.route.method !== 'GET';

const RESPONSES: Record<string, ErrorResponse> = {
  InvalidInput: { status: 400, description: 'Some fields are not valid, unknown or missing.', appliesTo: always },
  Unauthenticated: { status: 401, description: 'No valid credentials.', appliesTo: always },
  Forbidden: {
    status: 403,
    description: 'The credentials lack the permission.',
    appliesTo: (one) => one.permission !== null,
  },
  NotFound: { status: 404, description: 'No such thing, or not yours.', appliesTo: takesInput },
  Conflict: {
    status: 409,
    description: 'The state of things does not allow it, or the idempotency key was used with another body.',
    appliesTo: (one) => one.type === 'mutation',
  },
  BodyTooLarge: { status: 413, description: 'The body is too large.', appliesTo: takesBody },
  UnsupportedMediaType: { status: 415, description: 'The body is not JSON.', appliesTo: takesBody },
  Unprocessable: {
    status: 422,
    description: 'Well formed, but against the rules of the house.',
    appliesTo: takesInput,
  },
  TooManyRequests: {
    status: 429,
    description: 'Too many requests; wait before the next.',
    headers: ['Retry-After', 'RateLimit', 'RateLimit-Policy'],
    appliesTo: always,
  },
  Internal: { status: 500, description: 'A fault of the server.', appliesTo: always },
  Unavailable: {
    status: 503,
    description: 'Not possible right now, or too much to do; retry.',
    headers: ['Retry-After'],
    appliesTo: always,
  },
  Timeout: { status: 504, description: 'It took too long; retry.', appliesTo: always },
};

/** The shared error answers of the document, by name. */
export const errorResponses = () =>
  Object.fromEntries(
    Object.entries(RESPONSES).map(([name, { description, headers = [] }]) => [
      name,
      {
        description,
        headers: Object.fromEntries(
          ['X-Request-Id', ...headers].map((header) => [header, { $ref: `#/components/headers/${header}` }]),
        ),
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    ]),
  );

/** References to those that an operation can give, by status. */
export const errorsOf = (operation: Operation): Record<string, { $ref: string }> =>
  Object.fromEntries(
    Object.entries(RESPONSES)
      .filter(([, { appliesTo }]) => appliesTo(operation))
      .map(([name, { status }]) => [status, { $ref: `#/components/responses/${name}` }]),
  );

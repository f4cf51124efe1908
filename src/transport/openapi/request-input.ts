import type { Request, Response } from 'express';
import { RequestError } from '../errors/request-error.ts';
import { type Components, type JsonSchema, resolve } from './json-schema.ts';
import { IDEMPOTENCY_FIELD, type Operation } from './operations.ts';
import { readParameter } from './parameter-value.ts';
import type { ReadBody } from './request-body.ts';

export type ReadInput = (req: Request, res: Response) => Promise<unknown>;

const refuse = (path: string, message: string) =>
  new RequestError(400, 'INVALID_INPUT', 'Some fields are not valid.', [{ path, message }]);

const queryOf = (req: Request) => new URLSearchParams(req.originalUrl.split('?').slice(1).join('?'));

/**
 * Puts path, query, body and the header Idempotency-Key together to the raw input of the procedure, whose own schema
 * judges it. Throws RequestError for a field that came by the wrong way: in the body though the path carries it, in
 * the query of a request with a body, or a query key where the procedure takes no input.
 */
export const createInputReader = (operation: Operation, components: Components, readBody: ReadBody): ReadInput => {
  const shape: JsonSchema = operation.input ? resolve(operation.input, components) : {};
  const fields = new Map(Object.entries(shape.properties ?? {}));
  const reads = (name: string, texts: string[]): [string, unknown] => [
    name,
    readParameter(texts, fields.get(name) ?? {}, components),
  ];
  const needsKey = fields.has(IDEMPOTENCY_FIELD);
  const keyIsRequired = shape.required?.includes(IDEMPOTENCY_FIELD) ?? false;
  const elsewhere = new Set([...operation.pathFields, ...(needsKey ? [IDEMPOTENCY_FIELD] : [])]);

  const ownFields = async (req: Request, res: Response): Promise<[string, unknown][]> => {
    const query = queryOf(req);
    if (operation.route.method === 'GET') return [...new Set(query.keys())].map((key) => reads(key, query.getAll(key)));
    const [stray] = query.keys();
    if (stray !== undefined) throw refuse(stray, 'Not a query parameter; send it in the body.');
    return Object.entries(await readBody(req, res));
  };

  const keyOf = (req: Request): [string, unknown][] => {
    const key = needsKey ? req.get('idempotency-key') : undefined;
    if (key !== undefined) return [[IDEMPOTENCY_FIELD, key]];
    if (keyIsRequired) throw refuse(IDEMPOTENCY_FIELD, 'Send the header Idempotency-Key, new for each intent.');
    return [];
  };

  return async (req, res) => {
    const own = await ownFields(req, res);
    for (const [name] of own) {
      if (elsewhere.has(name))
        throw refuse(name, name === IDEMPOTENCY_FIELD ? 'Send it as a header.' : 'It is in the path.');
      if (!operation.input) throw refuse(name, 'Unknown field.');
    }
    const path = operation.pathFields.map((name) => reads(name, [String(req.params[name])]));
    return operation.input && Object.fromEntries([...own, ...path, ...keyOf(req)]);
  };
};

import express, { type Request, type Response } from 'express';
import { RequestError } from '../errors/request-error.ts';

export type ReadBody = (req: Request, res: Response) => Promise<Record<string, unknown>>;

const FAULTS: Record<number, [code: string, message: string]> = {
  413: ['PAYLOAD_TOO_LARGE', 'The body is too large. Send less at once.'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'Send the body as UTF-8 JSON with Content-Type: application/json.'],
};

const refusal = (status: number) => {
  const [code, message] = FAULTS[status] ?? ['MALFORMED_JSON', 'The body is not a JSON object.'];
  return new RequestError(FAULTS[status] ? status : 400, code, message);
};

const hasBody = (req: Request) =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;

const statusOf = (error: unknown) => {
  const status: unknown = error instanceof Error ? Reflect.get(error, 'status') : undefined;
  return typeof status === 'number' ? status : 400;
};

/**
 * Reads a JSON object of at most `limitBytes`, or takes the one that an earlier middleware parsed; no body is an
 * empty object. Throws RequestError: 400 broken or no object, 413 too large, 415 not JSON.
 */
export const bodyReader = (limitBytes: number): ReadBody => {
  const parse = express.json({ limit: limitBytes });
  return async (req, res) => {
    if (req.body === undefined && hasBody(req)) {
      if (!req.is('application/json')) throw refusal(415);
      await new Promise<void>((done, fail) => {
        parse(req, res, (error?: unknown) => (error ? fail(refusal(statusOf(error))) : done()));
      });
    }
    const body: unknown = req.body ?? {};
    if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refusal(400);
    return body as Record<string, unknown>;
  };
};

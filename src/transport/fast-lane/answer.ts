import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AnyTRPCRouter, getTRPCErrorShape, TRPCError } from '@trpc/server';
import { getHTTPStatusCode } from '@trpc/server/http';
import { sendUnchanged } from '../http/entity-tag.ts';

export const CONTENT_TYPE = 'application/json';
export const VARY = 'trpc-accept, accept';

/** What came of one call. */
export type Outcome = { data: unknown } | { error: TRPCError } | { kept: KeptAnswer };

/** An answer that was made before. */
export interface KeptAnswer {
  /** The JSON of its whole result. */
  result: Buffer;
  /** The same, a character for each byte. */
  octets: string;
  etag: string;
}

export interface ErrorFacts<TContext> {
  error: TRPCError;
  type: 'query' | 'mutation' | 'unknown';
  path: string | undefined;
  input: unknown;
  ctx: TContext | undefined;
}

export interface Answer {
  status: number;
  /** JSON. */
  body: string | Buffer;
  /** Of a kept answer that is sent alone. */
  etag?: string;
}

export interface AnswerWriter {
  /** Throws what the router's transformer or error formatter throws, and TypeError for what is no JSON. */
  toAnswer(
    outcomes: readonly Outcome[],
    batch: boolean,
    factsOf: (error: TRPCError, index: number) => ErrorFacts<unknown>,
  ): Answer;
  /** One error for the whole request, batch or not. */
  toRefusal(facts: ErrorFacts<unknown>): Answer;
}

const isStreamPart = (value: unknown): boolean =>
  ((typeof value === 'object' && value !== null && !Array.isArray(value)) || typeof value === 'function') &&
  (('then' in value && typeof value.then === 'function' && 'catch' in value && typeof value.catch === 'function') ||
    (typeof value === 'object' && Symbol.asyncIterator in value));

/** What only a streamed answer could hold: an async iterable, or an object with promises or async iterables in it. */
const isStreamed = (data: unknown): boolean =>
  typeof data === 'object' &&
  data !== null &&
  !Array.isArray(data) &&
  (Symbol.asyncIterator in data || Object.values(data).some(isStreamPart));

const unsupported = () =>
  new TRPCError({
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'Cannot use stream-like response in non-streaming request - use httpBatchStreamLink',
  });

export const createAnswerWriter = (router: AnyTRPCRouter): AnswerWriter => {
  const { _config: config } = router._def;
  const serialize = (value: unknown): unknown => config.transformer.output.serialize(value);
  const errorOf = (facts: ErrorFacts<unknown>) => ({ error: getTRPCErrorShape({ config, ...facts }) });

  return {
    toAnswer(outcomes, batch, factsOf) {
      const errors: (TRPCError | undefined)[] = [];
      const results = outcomes.map((outcome, index) => {
        const streamed = 'data' in outcome && isStreamed(outcome.data);
        if (streamed && !batch) throw unsupported();
        if ('data' in outcome && !streamed) return { result: { data: outcome.data } };
        if ('kept' in outcome) return { result: { data: null }, text: outcome.kept.result.toString() };
        const error = 'error' in outcome ? outcome.error : unsupported();
        errors[index] = error;
        return errorOf(factsOf(error, index));
      });
      const status = errors.length === 0 ? 200 : getHTTPStatusCode(results, errors);
      const texts = results.map((result) => {
        if ('text' in result) return result.text;
        return JSON.stringify(
          'error' in result ? { error: serialize(result.error) } : { result: { data: serialize(result.result.data) } },
        );
      });
      return { status, body: batch ? `[${texts.join(',')}]` : (texts[0] ?? '') };
    },
    toRefusal(facts) {
      const refusal = errorOf(facts);
      const body = JSON.stringify({ error: serialize(refusal.error) });
      return { status: getHTTPStatusCode(refusal, [facts.error]), body };
    },
  };
};

/**
 * Sends an answer with its length; a status that a procedure has set stays. One with an entity tag is not sent to a reader
 * who has it, and may be kept by the reader to ask for it so.
 */
export const sendAnswer = (request: IncomingMessage, response: ServerResponse, answer: Answer): void => {
  const { status, body, etag } = answer;
  if (response.statusCode === 200) response.statusCode = status;
  response.setHeader('content-type', CONTENT_TYPE);
  response.setHeader('vary', VARY);
  if (etag !== undefined && request.method === 'GET' && sendUnchanged(request, response, etag)) return;
  response.end(body);
};

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AnyTRPCProcedure, type AnyTRPCRouter, getTRPCErrorFromUnknown } from '@trpc/server';
import { CachedData } from '../trpc/cached-data.ts';
import {
  type Answer,
  createAnswerWriter,
  type ErrorFacts,
  type KeptAnswer,
  type Outcome,
  sendAnswer,
} from './answer.ts';
import { readBody } from './body.ts';
import { type Call, type Calls, callsReader } from './calls.ts';
import { giveUp } from './give-up.ts';
import { lazyInputs } from './inputs.ts';
import { keptAnswer } from './kept.ts';

export interface FastLaneOptions<TContext, TResponse extends ServerResponse> {
  router: AnyTRPCRouter;
  createContext: (request: IncomingMessage, response: TResponse) => Promise<TContext>;
  /** What was answered before to the same text of JSON and may be given again; a router with a transformer has none. */
  keptAnswer?: (ctx: TContext, path: string, inputText: string) => KeptAnswer | undefined;
  maxBodyBytes: number;
  maxBatch: number;
  /** Told what the stock adapter would tell, for each call that fails. */
  onError: (facts: ErrorFacts<TContext>) => void;
}

const isKept = ({ _def }: AnyTRPCProcedure): boolean =>
  (_def.meta as { cached?: boolean } | undefined)?.cached === true;

/** Aborts when the client is gone before its answer was ended. */
const signalOf = (response: ServerResponse): AbortSignal => {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableEnded) gone.abort();
  });
  return gone.signal;
};

/**
 * Answers queries (GET and POST) and mutations below `/trpc`, single and batched, byte for byte as tRPC's Express adapter
 * does, at a fraction of its cost; passes on, unread, whatever else comes. Only the framing differs: it sends a
 * Content-Length where the adapter sends chunks. Nothing before it may have read the body.
 */
export const createFastLane = <TContext, TResponse extends ServerResponse>(
  options: FastLaneOptions<TContext, TResponse>,
) => {
  const { router, onError } = options;
  const { transformer } = router._def._config;
  const readCalls = callsReader(router, options.maxBatch);
  const writer = createAnswerWriter(router);
  const deserialize = (input: unknown): unknown => transformer.input.deserialize(input);

  const contextOf = async (request: IncomingMessage, response: TResponse) => {
    try {
      return { ctx: await options.createContext(request, response), refusal: undefined };
    } catch (cause) {
      return { ctx: undefined, refusal: getTRPCErrorFromUnknown(cause) };
    }
  };

  const serve = async (request: IncomingMessage, response: TResponse, asked: Calls): Promise<void> => {
    const { type, calls, batch, input } = asked;
    const signal = signalOf(response);
    const inputs = lazyInputs({
      text: () => (request.method === 'GET' ? (input ?? '') : readBody(request, options.maxBodyBytes)),
      batchOf: batch ? calls.length : null,
      deserialize,
    });
    const { ctx, refusal } = await contextOf(request, response);
    const factsOf = (cause: unknown, batchIndex?: number): ErrorFacts<TContext> => {
      const error = getTRPCErrorFromUnknown(cause);
      if (batchIndex === undefined) return { error, type, path: undefined, input: undefined, ctx };
      return { error, type, path: calls[batchIndex]?.path, input: inputs.known(batchIndex), ctx };
    };

    const settle = async ({ path, procedure }: Call, batchIndex: number): Promise<Outcome> => {
      try {
        if (refusal) throw refusal;
        if (ctx && options.keptAnswer && isKept(procedure)) {
          const kept = options.keptAnswer(ctx, path, await inputs.text(batchIndex));
          if (kept) return { kept };
        }
        const getRawInput = () => inputs.read(batchIndex);
        const data = await procedure({ path, getRawInput, ctx, type, signal, batchIndex });
        return data instanceof CachedData ? { kept: data } : { data };
      } catch (cause) {
        const facts = factsOf(cause, batchIndex);
        onError(facts);
        return { error: facts.error };
      }
    };

    let answer: Answer;
    try {
      const outcomes = await Promise.all(calls.map(settle));
      answer = keptAnswer(outcomes, batch) ?? writer.toAnswer(outcomes, batch, factsOf);
    } catch (cause) {
      const facts = factsOf(cause);
      onError(facts);
      answer = writer.toRefusal(facts);
    }
    sendAnswer(request, response, answer);
  };

  return (request: IncomingMessage, response: TResponse, next: (thrown?: unknown) => void): void => {
    const asked = readCalls(request);
    if (!asked) next();
    else {
      serve(request, response, asked)
        .catch((cause) => giveUp(router, response, cause, onError))
        .catch(next);
    }
  };
};

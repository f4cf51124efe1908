import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Calls, callsReader, plainCheck } from './calls.ts';
import { giveUp } from './give-up.ts';
import { createKnownAnswers } from './known-answers.ts';
import { createKnownTargets, type KnownTarget } from './known-targets.ts';
import { contextMaker, type MadeContext } from './made-context.ts';
import type { FastLaneOptions } from './options.ts';
import { createServeCalls } from './serve-calls.ts';

/** Aborts when the client is gone before its answer was ended. */
const signalOf = (response: ServerResponse): AbortSignal => {
  const gone = new AbortController();
  if (response.closed && !response.writableEnded) gone.abort();
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
  const { router, onError, prepare } = options;
  const isPlain = plainCheck();
  const readCalls = callsReader(router, options.maxBatch, isPlain);
  const targets = createKnownTargets(isPlain);
  const makeContext = contextMaker(options);
  const answers = createKnownAnswers(options);
  const serve = createServeCalls(options, targets);

  /** Answers at once what can be; else a promise of the answer's end. */
  const answer = (
    request: IncomingMessage,
    response: TResponse,
    asked: Calls,
    known: KnownTarget | undefined,
  ): Promise<void> | undefined => {
    const answerLater = async (
      made: MadeContext<TContext>,
      signal: AbortSignal,
      kept = keptBy(made),
    ): Promise<void> => {
      let found = kept;
      if (known && found && made.ctx !== undefined) {
        if (answers.send(request, response, known, made.ctx, found)) return;
        const left = answers.withLeft(made.ctx, known, found);
        if (left) found = await left;
        if (left && answers.send(request, response, known, made.ctx, found)) return;
      }
      prepare?.(request, response);
      await serve(request, response, asked, made, signal, found);
    };
    const keptBy = ({ ctx }: MadeContext<TContext>) => (known && ctx !== undefined ? answers.kept(ctx, known) : null);

    const made = makeContext(request, response);
    if (made instanceof Promise) {
      const signal = signalOf(response);
      return made.then((ready) => answerLater(ready, signal));
    }
    const kept = keptBy(made);
    const { ctx } = made;
    if (known && kept && ctx !== undefined && answers.send(request, response, known, ctx, kept)) return undefined;
    return answerLater(made, signalOf(response), kept);
  };

  return (request: IncomingMessage, response: TResponse, next: (thrown?: unknown) => void): void => {
    const fail = (cause: unknown): void => giveUp(router, response, cause, onError);
    try {
      const known = targets.find(request);
      const asked = known?.asked ?? readCalls(request);
      if (asked) {
        answer(request, response, asked, known)?.catch(fail).catch(next);
        return;
      }
      prepare?.(request, response);
    } catch (cause) {
      Promise.reject(cause).catch(fail).catch(next);
      return;
    }
    next();
  };
};

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AnyTRPCProcedure, getTRPCErrorFromUnknown } from '@trpc/server';
import { CachedData } from '../trpc/cached-data.ts';
import { type Answer, createAnswerWriter, type ErrorFacts, type Outcome, sendAnswer } from './answer.ts';
import { readBody } from './body.ts';
import type { Call, Calls } from './calls.ts';
import { lazyInputs } from './inputs.ts';
import { answerOfKept } from './kept.ts';
import type { Found } from './known-answers.ts';
import type { KnownTargets } from './known-targets.ts';
import type { MadeContext } from './made-context.ts';
import type { FastLaneOptions } from './options.ts';

/** Answers by calling the procedures, but for calls whose answers are kept. Rejects where not even a refusal can be written. */
export type ServeCalls<TContext> = (
  request: IncomingMessage,
  response: ServerResponse,
  asked: Calls,
  made: MadeContext<TContext>,
  signal: AbortSignal,
  /** What was found already, call by call, where it was looked for: nothing is looked for twice. */
  found?: Found | null,
) => Promise<void>;

const isKept = ({ _def }: AnyTRPCProcedure): boolean =>
  (_def.meta as { cached?: boolean } | undefined)?.cached === true;

/** `targets` learns the URLs whose answers were all kept. */
export const createServeCalls = <TContext, TResponse extends ServerResponse>(
  options: FastLaneOptions<TContext, TResponse>,
  targets: KnownTargets,
): ServeCalls<TContext> => {
  const { router, onError } = options;
  const { transformer } = router._def._config;
  const writer = createAnswerWriter(router);
  const deserialize = (input: unknown): unknown => transformer.input.deserialize(input);

  return async (request, response, { type, calls, batch, input }, { ctx, refusal }, signal, found) => {
    const texts: string[] = [];
    const inputs = lazyInputs({
      text: () => (request.method === 'GET' ? (input ?? '') : readBody(request, options.maxBodyBytes)),
      batchOf: batch ? calls.length : null,
      deserialize,
    });
    const factsOf = (cause: unknown, batchIndex?: number): ErrorFacts<TContext> => {
      const error = getTRPCErrorFromUnknown(cause);
      if (batchIndex === undefined) return { error, type, path: undefined, input: undefined, ctx };
      return { error, type, path: calls[batchIndex]?.path, input: inputs.known(batchIndex), ctx };
    };

    const settle = async ({ path, procedure }: Call, batchIndex: number): Promise<Outcome> => {
      try {
        if (refusal) throw refusal;
        if (ctx && options.keptAnswer && isKept(procedure)) {
          const text = `${path} ${await inputs.text(batchIndex)}`;
          texts[batchIndex] = text;
          const kept = found ? found[batchIndex] : options.keptAnswer(ctx, text);
          if (kept) {
            options.onKept?.(ctx, path);
            return { kept };
          }
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
      const kept = outcomes.flatMap((outcome) => ('kept' in outcome ? [outcome.kept] : []));
      const areKept = kept.length === outcomes.length;
      if (areKept && texts.length === calls.length)
        targets.know(request, { asked: { type, calls, batch, input }, texts });
      answer = areKept ? answerOfKept(kept, batch) : writer.toAnswer(outcomes, batch, factsOf);
    } catch (cause) {
      const facts = factsOf(cause);
      onError(facts);
      answer = writer.toRefusal(facts);
    }
    sendAnswer(request, response, answer);
  };
};

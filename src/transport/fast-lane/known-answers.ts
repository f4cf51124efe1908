import type { IncomingMessage, ServerResponse } from 'node:http';
import { type KeptAnswer, sendAnswer } from './answer.ts';
import { createJoinedAnswers } from './joined-answers.ts';
import { sendKept } from './kept.ts';
import type { KnownTarget } from './known-targets.ts';
import type { FastLaneOptions } from './options.ts';

/** What there is for each of a target's calls. */
export type Found = (KeptAnswer | undefined)[];

const areAll = (answers: Found): answers is KeptAnswer[] => !answers.includes(undefined);

/** Answers known targets without calling procedures. */
export const createKnownAnswers = <TContext, TResponse extends ServerResponse>({
  keptAnswer,
  leftAnswer,
  onKept,
  headOf,
  prepare,
}: FastLaneOptions<TContext, TResponse>) => {
  const joined = createJoinedAnswers();
  return {
    /** What is kept, call by call. */
    kept: (ctx: TContext, { texts }: KnownTarget): Found => texts.map((text) => keptAnswer?.(ctx, text)),
    /** With what others have left in the place of what is missing; null at once where something has to be done. */
    withLeft(ctx: TContext, { texts }: KnownTarget, kept: Found): Promise<Found> | null {
      const all = texts.map((text, index) => kept[index] ?? leftAnswer?.(ctx, text));
      return all.includes(undefined) ? null : Promise.all(all);
    },
    /** Sends the answers to all that a target asks for; false, and nothing is sent, where one is missing. */
    send(request: IncomingMessage, response: TResponse, target: KnownTarget, ctx: TContext, answers: Found): boolean {
      if (!areAll(answers)) return false;
      const { calls, batch } = target.asked;
      if (onKept) for (const { path } of calls) onKept(ctx, path);
      const [only] = answers;
      const whole = batch || !only ? joined(target, answers) : only;
      if (sendKept(request, response, whole, headOf?.(response) ?? [])) return true;
      prepare?.(request, response);
      const { result: body, etag } = whole;
      sendAnswer(request, response, { status: 200, body, ...(etag !== undefined && { etag }) });
      return true;
    },
  };
};

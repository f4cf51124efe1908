import { setTimeout as delay } from 'node:timers/promises';
import type { AnyTRPCRouter } from '@trpc/server';
import type { Config } from '../config.ts';
import { createAskedAnswers } from '../features/performance/index.ts';
import { operatorOf } from '../kernel/principal.ts';
import { type AskedCounts, createWarmer, type Warmer } from '../platform/cache/index.ts';
import { newScope } from '../platform/db/scope.ts';
import { isFault, toAppError } from '../transport/errors/translate.ts';
import type { WorkLimits } from '../transport/limits/work-limits.ts';
import type { AnswerCaches } from '../transport/trpc/answer-cache.ts';
import type { RequestContext } from '../transport/trpc/context.ts';
import type { Data } from './data.ts';
import type { Keeping } from './keeping.ts';
import { type Parts, startTimer } from './parts.ts';

/** A round goes on while so many queries run at most. */
const QUERIES_BESIDE = 2;

export interface Warmed {
  router: AnyTRPCRouter;
  caches: AnswerCaches & { asked: AskedCounts };
  followers: Keeping['followers'];
  work: WorkLimits;
}

/** Fills what was asked for most through the procedures themselves. */
export const composeWarming = (
  config: Config,
  { database }: Data,
  { clock, listeners }: Parts,
  { router, caches, followers, work }: Warmed,
): Warmer => {
  const procedures = router._def.procedures as Readonly<AnyTRPCRouter['_def']['procedures']>;
  return createWarmer({
    ...createAskedAnswers({ database, clock }),
    asked: caches.asked,
    mostKeys: config.WARM_KEYS,
    atOnce: config.WARM_CONNECTIONS,
    everyMs: config.WARM_INTERVAL_MS,
    async fill({ tenant, path, input }) {
      const procedure = procedures[path];
      // Another release may have had others.
      if (!procedure?._def.meta?.cached) return;
      const ctx: RequestContext = {
        ...{ requestId: '', principal: operatorOf(tenant), scope: newScope(tenant), sourceAddress: '' },
        answers: caches.ahead,
      };
      const getRawInput = async () => JSON.parse(input);
      try {
        await procedure({ path, getRawInput, ctx, type: 'query', signal: undefined, batchIndex: 0 });
      } catch (error) {
        // A refusal, as of a stay that is over by now, keeps nothing else from being filled.
        if (isFault(toAppError(error))) throw error;
      }
    },
    isFollowed: (tenant) => Number.isFinite(followers.of(tenant).ageMs()),
    isBusy: () => work.query.waiting > 0 || work.query.running > QUERIES_BESIDE,
    pause: (ms) => delay(ms),
    startTimer,
    onFault: (error) => listeners.onFault(error, ''),
  });
};

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnyTRPCRouter } from '@trpc/server';
import type { ErrorFacts, KeptAnswer } from './answer.ts';

export interface FastLaneOptions<TContext, TResponse extends ServerResponse> {
  router: AnyTRPCRouter;
  createContext: (request: IncomingMessage, response: TResponse) => TContext | Promise<TContext>;
  /**
   * What was answered before to the same text (`path`, a blank and JSON) and may be given again; a router with a transformer has
   * none.
   */
  keptAnswer?: (ctx: TContext, text: string) => KeptAnswer | undefined;
  /** The same of answers that have to be fetched first; undefined at once where there can be none. */
  leftAnswer?: (ctx: TContext, text: string) => Promise<KeptAnswer | undefined> | undefined;
  /** Told of each call, by the path of its procedure, that is answered with what was kept or left. */
  onKept?: (ctx: TContext, path: string) => void;
  /** Names and values in turn of what the head of every answer says, for those that are sent without `prepare`. */
  headOf?: (response: TResponse) => string[];
  /** Called before anything is done with a response but to read its head, or to pass it on. */
  prepare?: (request: IncomingMessage, response: TResponse) => void;
  maxBodyBytes: number;
  maxBatch: number;
  /** Told what the stock adapter would tell, for each call that fails. */
  onError: (facts: ErrorFacts<TContext>) => void;
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { getTRPCErrorFromUnknown, type TRPCError } from '@trpc/server';
import type { FastLaneOptions } from './options.ts';

/** A request's context, or why there is none. */
export interface MadeContext<TContext> {
  ctx: TContext | undefined;
  refusal: TRPCError | undefined;
}

const refused = (cause: unknown): MadeContext<never> => ({ ctx: undefined, refusal: getTRPCErrorFromUnknown(cause) });

/** Makes a request's context, at once where that needs no waiting; neither throws nor rejects. */
export const contextMaker =
  <TContext, TResponse extends ServerResponse>({ createContext }: FastLaneOptions<TContext, TResponse>) =>
  (request: IncomingMessage, response: TResponse): MadeContext<TContext> | Promise<MadeContext<TContext>> => {
    try {
      const ctx = createContext(request, response);
      if (ctx instanceof Promise) return ctx.then((made) => ({ ctx: made, refusal: undefined }), refused);
      return { ctx, refusal: undefined };
    } catch (cause) {
      return refused(cause);
    }
  };

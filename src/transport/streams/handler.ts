import { type AnyTRPCRouter, callTRPCProcedure, getTRPCErrorShape } from '@trpc/server';
import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../../kernel/app-error.ts';
import { isFault, toAppError, toErrorBody, toTrpcError } from '../errors/translate.ts';
import type { RequestContext } from '../trpc/context.ts';
import type { ProcedureMeta } from '../trpc/meta.ts';
import { type EventStream, openEventStream } from './event-stream.ts';
import { connectedFrame, errorFrame, RETURN_FRAME, yieldedFrame } from './frames.ts';
import type { OpenStreams } from './open-streams.ts';

export interface StreamHandlerOptions {
  router: AnyTRPCRouter;
  createContext: (request: Request, response: Response) => RequestContext | Promise<RequestContext>;
  streams: OpenStreams;
  pingMs: number;
  onFault: (error: unknown, requestId: string) => void;
}

/** Heartbeats that a reader may be behind with before it counts as gone; also those that it may miss before it reconnects. */
const PATIENCE_TICKS = 3;

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The procedure's input with the id that an EventSource sends when it connects again. */
const inputOf = (request: Request, query: URLSearchParams): unknown => {
  const text = query.get('input');
  let input: unknown;
  try {
    input = text === null ? undefined : JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid', 'MALFORMED_JSON', 'The input is not valid JSON.', { cause });
  }
  const lastEventId = request.get('last-event-id') ?? query.get('lastEventId');
  if (!lastEventId || (input !== undefined && !isRecord(input))) return input;
  return { ...input, lastEventId };
};

/** The procedure that is asked for; null for what is not validly encoded. */
const pathOf = ({ path }: Request): string | null => {
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return null;
  }
};

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  isRecord(value) && Symbol.asyncIterator in value;

/** The answer begins with the first thing that is yielded: from then on nothing is missed. */
const pump = async (data: AsyncIterable<unknown>, connected: string, open: () => EventStream): Promise<void> => {
  let greeting = connected;
  for await (const value of data) {
    const stream = open();
    await stream.send(greeting + yieldedFrame(value));
    greeting = '';
    if (!stream.open) return;
  }
};

/**
 * Answers subscriptions, and nothing else, as tRPC does over server-sent events, errors included: with status 200, since
 * an EventSource does not show the body of any other. tRPC's own way through web streams takes thrice the memory.
 */
export const createStreamHandler = (options: StreamHandlerOptions): RequestHandler => {
  const { router, streams, pingMs } = options;
  const { procedures, _config: config } = router._def;
  const metaOf = (path: string): ProcedureMeta | undefined => {
    const definition = (procedures as Record<string, { _def: { type: string; meta?: ProcedureMeta } }>)[path]?._def;
    return definition?.type === 'subscription' ? (definition.meta ?? { permission: null }) : undefined;
  };

  const serve = async (request: Request, response: Response, path: string, meta: ProcedureMeta): Promise<void> => {
    const { requestId } = response.locals;
    response.locals.stream = true;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const shapeOf = (thrown: unknown): string => {
      const fault = toAppError(thrown);
      // Ends that are meant have no cause.
      if (isFault(fault) && fault.cause !== undefined) options.onFault(fault, requestId);
      const error = toTrpcError(thrown);
      const ctx = { requestId };
      return errorFrame(getTRPCErrorShape({ config, error, type: 'subscription', path, input: undefined, ctx }));
    };
    let stream: EventStream | null = null;
    const opened = () => (stream ??= openEventStream(response));
    const end = (thrown: unknown, how?: { close: boolean }) => opened().end(shapeOf(thrown), how);

    try {
      streams.assertOpen();
      const ctx = await options.createContext(request, response);
      const query = new URLSearchParams(request.originalUrl.split('?').slice(1).join('?'));
      const call = { router, path, type: 'subscription' as const, ctx, signal: gone.signal, batchIndex: 0 };
      const data: unknown = await callTRPCProcedure({ ...call, getRawInput: async () => inputOf(request, query) });
      if (!isIterable(data) || !ctx.principal) throw new Error(`${path} is no subscription`);
      const remove = streams.add({
        authorization: request.headers.authorization,
        principal: ctx.principal,
        permission: meta.permission,
        tick() {
          stream?.tick();
          if (stream && stream.unreadTicks >= PATIENCE_TICKS) stream.cut();
        },
        end(error, how) {
          end(error, how);
          gone.abort();
        },
        cut: () => void response.destroy(),
      });
      gone.signal.addEventListener('abort', remove, { once: true });
      await pump(data, connectedFrame(PATIENCE_TICKS * pingMs), opened);
      opened().end(RETURN_FRAME);
    } catch (thrown) {
      end(thrown);
    }
  };

  return (request, response, next) => {
    const path = pathOf(request);
    const meta = path === null ? undefined : metaOf(path);
    if (path === null || !meta) return next();
    if (request.method === 'GET') return serve(request, response, path, meta);
    const refusal = new AppError('invalid', 'METHOD_NOT_SUPPORTED', 'Subscriptions are GET.');
    response.status(405).setHeader('Allow', 'GET').json(toErrorBody(refusal, response.locals.requestId).body);
  };
};

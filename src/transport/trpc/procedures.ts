import { initTRPC, type TRPCProcedureType as ProcedureType } from '@trpc/server';
import { AppError, invalid } from '../../kernel/app-error.ts';
import type { Permission } from '../../kernel/permissions.ts';
import { untilDeadline } from '../../platform/db/deadline.ts';
import { isFault, toAppError, toErrorBody, toTrpcError } from '../errors/translate.ts';
import { beginCall } from './call-trace.ts';
import type { RequestContext } from './context.ts';
import type { ProcedureMeta, RestRoute, StreamDescription } from './meta.ts';

export { tracked } from '@trpc/server';
export { bookmark } from './bookmark.ts';

const t = initTRPC
  .context<RequestContext>()
  .meta<ProcedureMeta>()
  .create({
    isDev: false,
    // Subscriptions are answered by transport/streams.
    sse: { enabled: false },
    errorFormatter({ shape, error, ctx }) {
      const { status, body } = toErrorBody(error, ctx?.requestId ?? '');
      return { ...shape, message: body.error.message, data: { ...shape.data, httpStatus: status, ...body.error } };
    },
  });

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/** PostgreSQL's text has no NUL, so none may come in anywhere. */
const pathOfNul = (value: unknown, path: string): string | null => {
  if (typeof value === 'string') return value.includes('\u0000') ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const below = path ? `${path}.${key}` : key;
    const found = key.includes('\u0000') ? below : pathOfNul(inner, below);
    if (found !== null) return found;
  }
  return null;
};

/** Says in the answer's head what the error says about coming again. */
const tellRetryAfter = ({ limits }: RequestContext, error: AppError): void => {
  const seconds = error.details?.retryAfterSeconds;
  if (typeof seconds === 'number') limits?.comeAgainIn(seconds);
};

/** Tells how a call ended; whoever subscribes waits most of the time. */
const watched = t.procedure.use(async ({ ctx, next, path, type, meta }) => {
  const { watch, scope } = ctx;
  if (!watch || type === 'subscription') return next();
  const startedAt = performance.now();
  const found: NonNullable<RequestContext['found']> = { cache: 'none' };
  const kind = meta?.report ? 'report' : type;
  const onEnd = watch.onBegin?.(path);
  const recorded = scope.trace && beginCall(scope.trace, path, kind, startedAt);
  const result = await next({
    ctx: recorded ? { ...ctx, found, scope: { ...scope, trace: recorded.trace } } : { ...ctx, found },
  });
  onEnd?.();
  const error = result.ok ? null : toAppError(result.error);
  const failed = error !== null && isFault(error);
  const code = error?.code ?? 'OK';
  recorded?.end({ code, cache: found.cache, ...(failed && { fault: error }) });
  watch.onCall({
    procedure: path,
    ...{ kind, code, failed, cache: found.cache },
    milliseconds: performance.now() - startedAt,
    traceId: scope.trace?.id,
  });
  return result;
});

const guarded = watched.use(async ({ ctx, next, getRawInput }) => {
  if (ctx.limits?.refusal) {
    tellRetryAfter(ctx, ctx.limits.refusal);
    throw toTrpcError(ctx.limits.refusal);
  }
  const nulAt = pathOfNul(await getRawInput(), '');
  if (nulAt !== null) throw toTrpcError(invalid(nulAt, 'Text must not contain NUL characters.'));
  const result = await next();
  if (!result.ok) {
    const error = toAppError(result.error);
    tellRetryAfter(ctx, error);
    throw toTrpcError(error);
  }
  return result;
});

interface Call {
  ctx: RequestContext;
  type: ProcedureType;
  meta: ProcedureMeta | undefined;
  signal: AbortSignal | undefined;
}

/** Subscriptions are not limited: they wait most of the time. */
const withinLimits = <T>({ ctx, type, meta, signal }: Call, work: () => Promise<T>): Promise<T> => {
  if (!ctx.limits || type === 'subscription') return work();
  return ctx.limits.run(meta?.report ? 'report' : type, signal, work);
};

/** A procedure that anyone may call: it takes no permission because it gives one. */
export const openProcedure = (openapi: RestRoute) =>
  guarded.meta({ permission: null, openapi }).use((call) => withinLimits(call, () => call.next()));

const permitted = (permission: Permission, meta: Partial<ProcedureMeta>) =>
  guarded.meta({ ...meta, permission }).use((call) => {
    const { ctx, next } = call;
    const { principal } = ctx;
    if (!principal) {
      if (ctx.refusal) throw toTrpcError(ctx.refusal);
      throw new AppError('unauthenticated', 'UNAUTHENTICATED', 'Send an API key or access token as a Bearer token.');
    }
    if (!principal.permissions.has(permission)) {
      throw new AppError('forbidden', 'FORBIDDEN', `This needs the permission ${permission}.`, {
        details: { permission },
      });
    }
    const answer = withinLimits(call, () => next({ ctx: { ...ctx, principal } }));
    // What is read for all who ask the same keeps nobody's deadline. It goes on, and keeps its place, when one's time is over.
    return call.meta?.cached ? untilDeadline(ctx.scope.deadline, answer) : answer;
  });

/** A procedure for callers who hold `permission`; its context then has their principal. */
export const procedure = (permission: Permission, openapi: RestRoute) => permitted(permission, { openapi });

/** The same for what reads much and long. */
export const reportProcedure = (permission: Permission, openapi: RestRoute) =>
  permitted(permission, { openapi, report: true });

/** The same for a subscription, whose permission is checked again and again for as long as it is open. */
export const streamProcedure = (permission: Permission, stream: StreamDescription) => permitted(permission, { stream });

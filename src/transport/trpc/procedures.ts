import { initTRPC } from '@trpc/server';
import { AppError, invalid } from '../../kernel/app-error.ts';
import type { Permission } from '../../kernel/permissions.ts';
import { toErrorBody, toTrpcError } from '../errors/translate.ts';
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

const guarded = t.procedure.use(async ({ next, getRawInput }) => {
  const nulAt = pathOfNul(await getRawInput(), '');
  if (nulAt !== null) throw toTrpcError(invalid(nulAt, 'Text must not contain NUL characters.'));
  const result = await next();
  if (!result.ok) throw toTrpcError(result.error);
  return result;
});

/** A procedure that anyone may call: it takes no permission because it gives one. */
export const openProcedure = (openapi: RestRoute) => guarded.meta({ permission: null, openapi });

const permitted = (permission: Permission, meta: Partial<ProcedureMeta>) =>
  guarded.meta({ ...meta, permission }).use(({ ctx, next }) => {
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
    return next({ ctx: { ...ctx, principal } });
  });

/** A procedure for callers who hold `permission`; its context then has their principal. */
export const procedure = (permission: Permission, openapi: RestRoute) => permitted(permission, { openapi });

/** The same for a subscription, whose permission is checked again and again for as long as it is open. */
export const streamProcedure = (permission: Permission, stream: StreamDescription) => permitted(permission, { stream });

import type { MiddlewareResult } from '@trpc/server/unstable-core-do-not-import';
import type { ZodType, z } from 'zod';
import type { Permission } from '../../kernel/permissions.ts';
import type { WithoutPrivate } from '../../kernel/private-fields.ts';
import type { CacheType } from '../../platform/cache/index.ts';
import { toAppError } from '../errors/translate.ts';
import type { RestRoute } from './meta.ts';
import { procedure } from './procedures.ts';

export interface CachedBy<Input> {
  type: CacheType;
  /** What the answer depends on. */
  tags: (input: Input) => string[];
}

/** Longer inputs are not worth their place. */
const MOST_KEY = 4_000;

/**
 * As procedure with input and output, for answers that depend on nothing but tenant, input and what their tags name. What has
 * personal or payment data in it does not compile.
 */
export const cachedProcedure = <Schema extends ZodType, Output extends ZodType>(
  permission: Permission,
  openapi: RestRoute,
  schema: Schema & WithoutPrivate<Schema>,
  output: Output & WithoutPrivate<Output>,
  { type, tags }: CachedBy<z.output<Schema>>,
) =>
  procedure(permission, openapi)
    .meta({ permission, openapi, cached: true })
    .input(schema as Schema)
    .use(async ({ ctx, input, path, getRawInput, next }) => {
      const { answers } = ctx;
      const key = `${path} ${JSON.stringify(input)}`;
      if (!answers || key.length > MOST_KEY) return next();
      const call = { type, key, tags: tags(input as z.output<Schema>), permission };
      const { tenant } = ctx.principal;
      const { entry, outcome } = await answers.cache.get(
        { ...call, tenant, versions: ctx.scope.versions },
        async (versions) => {
          // Others may wait for the same answer, with more time; the procedure itself keeps each one's deadline.
          const result = await next({ ctx: { ...ctx, scope: { ...ctx.scope, versions, deadline: null } } });
          if (!result.ok) throw toAppError(result.error);
          return result.data;
        },
      );
      if (ctx.found) ctx.found.cache = outcome;
      const text = JSON.stringify(await getRawInput());
      if (text.length <= MOST_KEY) {
        answers.know(path, text, call);
        answers.asks(tenant, path, text, type);
      }
      return { ok: true, data: answers.dataOf(entry) } as MiddlewareResult<object>;
    })
    .output(output as Output);

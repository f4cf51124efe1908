import type { Application } from '../compose.ts';
import { randomIds } from '../kernel/ids.ts';
import { operatorOf } from '../kernel/principal.ts';
import { newScope } from '../platform/db/scope.ts';
import { createCallerFactory } from '../transport/trpc/procedures.ts';

/**
 * The procedures without HTTP, called as the operator of a tenant; audited as such. They read all that was committed
 * before, by whomever: a replica that is behind is not read.
 */
export const callAsOperator = async ({ appRouter, database }: Application, tenantId: string) => {
  const scope = newScope(tenantId);
  await database.transaction(scope, async () => {});
  return createCallerFactory(appRouter)({
    requestId: randomIds.uuid(),
    principal: operatorOf(tenantId),
    scope,
    sourceAddress: '',
  });
};

import type { Application } from '../compose.ts';
import { randomIds } from '../kernel/ids.ts';
import { operatorOf } from '../kernel/principal.ts';
import { newScope } from '../platform/db/scope.ts';
import { createCallerFactory } from '../transport/trpc/procedures.ts';

/** The procedures without HTTP, called as the operator of a tenant; audited as such. */
export const callAsOperator = ({ appRouter }: Application, tenantId: string) =>
  createCallerFactory(appRouter)({
    requestId: randomIds.uuid(),
    principal: operatorOf(tenantId),
    scope: newScope(tenantId),
    sourceAddress: '',
  });

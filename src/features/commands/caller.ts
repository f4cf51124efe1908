import type { Principal } from '../../kernel/principal.ts';
import type { Scope } from '../../platform/db/scope.ts';

/** Who asks, through which request; the transport's context is one. */
export interface Caller {
  principal: Principal;
  scope: Scope;
  requestId: string;
}

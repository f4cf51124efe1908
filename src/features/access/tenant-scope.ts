import type { Scope } from '../../platform/db/scope.ts';

/** The request's scope for another tenant, or none: its token and statistics stay those of the request. */
export const scopeFor = (tenant: string | null, scope: Scope): Scope => ({
  tenant,
  statistics: scope.statistics,
  get token() {
    return scope.token;
  },
  set token(token) {
    scope.token = token;
  },
});

import type { Scope } from '../../platform/db/scope.ts';

/** The request's scope for another tenant, or none: its versions and statistics stay those of the request. */
export const scopeFor = (tenant: string | null, scope: Scope): Scope => ({ ...scope, tenant });

import type { Clock } from '../../kernel/clock.ts';
import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Commands } from '../commands/index.ts';
import { createAccessTokens } from './access-tokens.ts';
import { createApiKeyRouter } from './api-key.router.ts';
import { createApiKeyService } from './api-key.service.ts';
import { createAuthRouter } from './auth.router.ts';
import { createAuthService } from './auth.service.ts';
import { createAuthenticate } from './authenticate.ts';
import { createBootstrapTenant } from './bootstrap.ts';
import { createKeyUse } from './key-use.ts';
import { createPrincipalCache, type Told } from './principal-cache.ts';
import { deriveKeys } from './secrets.ts';
import { createSessions } from './sessions.ts';
import type { AccessSettings } from './settings.ts';
import { createSignInLimits } from './sign-in-limits.ts';
import { createUserRouter } from './user.router.ts';
import { createUserService } from './user.service.ts';

export { ApiKeyEntity } from './api-key.entity.ts';
export { SessionEntity } from './session.entity.ts';
export type { AccessSettings } from './settings.ts';
export { sourceNetwork } from './source-network.ts';
export { UserEntity } from './user.entity.ts';

export interface Identity {
  principal: Principal | null;
  /** Why the credentials were refused. */
  refusal?: unknown;
}

export interface AccessDependencies {
  database: Database;
  commands: Commands;
  clock: Clock;
  ids: Ids;
  /** The setting AUTH_SECRET. */
  authSecret: string;
  settings: AccessSettings;
  /** Tells how well this process is told of a tenant's changes; without it every request's credentials are looked up. */
  follow?: (tenant: string) => Told;
  /** Faults of work beside requests; they have no caller to tell. */
  onFault?: (error: unknown) => void;
}

/** Tenants, their users and API keys, and who sends a request. */
export const createAccess = (deps: AccessDependencies) => {
  const keys = deriveKeys(deps.authSecret);
  const tokens = createAccessTokens(keys.accessToken, deps.clock, deps.settings.accessTokenMs);
  const keyUse = createKeyUse(deps.database, deps.clock, deps.onFault ?? (() => {}));
  const principals = deps.follow ? createPrincipalCache(deps.follow, () => performance.now()) : null;
  const onAccessChanged = (tenant: string) => principals?.drop(tenant);
  const { authenticate, authenticateKept } = createAuthenticate({ ...deps, tokens, keyUse, principals });
  const limits = createSignInLimits({ ...deps, keys });
  const sessions = createSessions({ ...deps, tokens });
  return {
    routers: {
      auth: createAuthRouter(createAuthService({ ...deps, limits, sessions, onAccessChanged })),
      users: createUserRouter(createUserService({ ...deps, keys, onAccessChanged })),
      apiKeys: createApiKeyRouter(createApiKeyService({ ...deps, onAccessChanged })),
    },
    authenticate,
    /** As authenticate, for requests whose procedure may need nobody: what is wrong is answered by those that do. */
    identify: (header: string | undefined, token: ConsistencyToken | null): Promise<Identity> =>
      authenticate(header, token).then(
        (principal) => ({ principal }),
        (refusal: unknown) => ({ principal: null, refusal }),
      ),
    /** Who sends this header, if that is kept in this process, else what is known of them before `identify` asks the database. */
    identifyKept: authenticateKept,
    /** To be called when a tenant's users, sessions or keys have changed elsewhere, or may have. */
    accessChanged: onAccessChanged,
    bootstrapTenant: createBootstrapTenant(deps),
    /** Resolves when the work beside requests is done; await it before the database is closed. */
    settled: () => keyUse.settled(),
  };
};

import { hash } from 'node:crypto';
import { sql } from 'kysely';
import { AppError } from '../../kernel/app-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import { OWN_BOOKINGS_ROLES } from '../../kernel/permissions.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { Database, Sql } from '../../platform/db/database.ts';
import { newScope } from '../../platform/db/scope.ts';
import type { AccessTokens } from './access-tokens.ts';
import { permissionsOfKey, permissionsOfRole } from './grants.ts';
import { isPublishable, looksLikeKey, prefixOf } from './key-format.ts';
import type { KeyUse } from './key-use.ts';
import { createKnownDigests } from './known-digests.ts';
import type { Known, PrincipalCache } from './principal-cache.ts';
import { sameDigest, sha256 } from './secrets.ts';

interface StoredKey {
  tenant_id: string;
  id: string;
  secret_hash: Buffer;
  permissions: string[];
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
}

const BEARER = /^Bearer +([\x21-\x7e]{1,4096})$/i;

/**
 * Who sends this header: null without one. Throws AppError INVALID_CREDENTIALS, with the same message whatever is wrong
 * with it. What the primary knows counts, kept for as long as nothing about access changes; only while it is away is a
 * replica believed, so that reads go on.
 */
export type Authenticate = (header: string | undefined, token: ConsistencyToken | null) => Promise<Principal | null>;

const isAway = (error: unknown) => error instanceof AppError && error.kind === 'unavailable';

/** What is known of a header without asking the database. */
export interface KeptIdentity {
  /** Who sends it, if that is kept. */
  principal: Principal | null;
  /** True for a key that was not valid when this process last looked it up, if it ever did: it may be made up. */
  isStranger: boolean;
}

export type AuthenticateKept = (header: string) => KeptIdentity;

export const createAuthenticate = (deps: {
  database: Pick<Database, 'read'>;
  clock: Clock;
  tokens: AccessTokens;
  keyUse: KeyUse;
  principals: PrincipalCache | null;
}): { authenticate: Authenticate; authenticateKept: AuthenticateKept } => {
  const lookUp = async <Row>(
    tenant: string | null,
    token: ConsistencyToken | null,
    find: (db: Sql) => Promise<Row>,
  ) => {
    const scope = newScope(tenant, token);
    try {
      return { found: await deps.database.read(scope, 'primary', find), isCertain: true };
    } catch (error) {
      if (!isAway(error)) throw error;
      return { found: await deps.database.read(scope, 'replica', find), isCertain: false };
    }
  };

  const byKey = async (key: string, token: ConsistencyToken | null): Promise<Known | null> => {
    const prefix = prefixOf(key);
    if (!prefix) return null;
    const { found: row, isCertain } = await lookUp(null, token, async (db) => {
      const found = await sql<StoredKey>`
        select tenant_id, id, secret_hash, permissions, expires_at, revoked_at, last_used_at
        from app.find_api_key(${prefix})`.execute(db);
      return found.rows[0];
    });
    if (!row || !sameDigest(row.secret_hash, sha256(key)) || row.revoked_at !== null) return null;
    const expiresAtMs = row.expires_at === null ? null : Date.parse(row.expires_at);
    if (expiresAtMs !== null && expiresAtMs <= deps.clock.nowMs()) return null;
    const principal: Principal = {
      kind: 'api_key',
      id: row.id,
      tenant: row.tenant_id,
      permissions: permissionsOfKey(row.permissions),
      ...(isPublishable(key) && { publishable: true }),
    };
    return {
      principal,
      expiresAtMs,
      isCertain,
      key: { tenant: row.tenant_id, id: row.id, lastUsedAt: row.last_used_at },
    };
  };

  const bySession = async (jwt: string, token: ConsistencyToken | null): Promise<Known | null> => {
    const claims = await deps.tokens.verify(jwt);
    if (!claims) return null;
    const { found: role, isCertain } = await lookUp(claims.tenant, token, async (db) => {
      const found = await sql<{ role: string }>`
        select u.role from session s join app_user u on u.tenant_id = s.tenant_id and u.id = s.user_id
        where s.tenant_id = app.tenant() and s.id = ${claims.sid} and s.user_id = ${claims.sub}
          and s.revoked_at is null and u.active`.execute(db);
      return found.rows[0]?.role;
    });
    if (role === undefined) return null;
    const principal: Principal = {
      kind: 'user',
      id: claims.sub,
      tenant: claims.tenant,
      permissions: permissionsOfRole(role),
      ownBookingsOnly: OWN_BOOKINGS_ROLES.some((own) => own === role),
      session: claims.sid,
    };
    return { principal, expiresAtMs: claims.exp * 1_000, isCertain };
  };

  const used = ({ principal, key }: Known): Principal => {
    if (key) deps.keyUse.note(key);
    return principal;
  };

  const keptBy = (digest: string): Principal | null => {
    const kept = deps.principals?.get(digest);
    return kept && (kept.expiresAtMs === null || kept.expiresAtMs > deps.clock.nowMs()) ? used(kept) : null;
  };

  const known = async (credentials: string, token: ConsistencyToken | null): Promise<Principal | null> => {
    const digest = hash('sha256', credentials);
    const kept = keptBy(digest);
    if (kept) return kept;
    const generation = deps.principals?.generation() ?? 0;
    const found = await (looksLikeKey(credentials) ? byKey : bySession)(credentials, token);
    if (!found) {
      deps.principals?.forget(digest);
      return null;
    }
    if (found.isCertain) deps.principals?.keep(digest, found, generation);
    return used(found);
  };

  const digests = createKnownDigests();

  const authenticateKept: AuthenticateKept = (header) => {
    const before = digests.get(header);
    const known = before === undefined ? null : keptBy(before);
    if (known) return { principal: known, isStranger: false };
    digests.forget(header);
    const credentials = BEARER.exec(header)?.[1];
    if (!credentials || !deps.principals) return { principal: null, isStranger: false };
    const digest = hash('sha256', credentials);
    const principal = keptBy(digest);
    if (principal) digests.keep(header, digest);
    // An access token that is made up has no signature of ours and is refused without asking the database.
    const isStranger = principal === null && looksLikeKey(credentials) && !deps.principals.remembers(digest);
    return { principal, isStranger };
  };

  const authenticate: Authenticate = async (header, token) => {
    if (header === undefined) return null;
    const credentials = BEARER.exec(header)?.[1];
    const principal = credentials ? await known(credentials, token) : null;
    if (principal) return principal;
    throw new AppError(
      'unauthenticated',
      'INVALID_CREDENTIALS',
      'These credentials are not valid, or not any more. Send a current API key or access token as a Bearer token.',
    );
  };
  return { authenticate, authenticateKept };
};

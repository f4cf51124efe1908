import { sql } from 'kysely';
import { AppError } from '../../kernel/app-error.ts';
import { foldEmail } from '../../kernel/folding.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Scope } from '../../platform/db/scope.ts';
import type { Caller, Commands } from '../commands/index.ts';
import type { Me, SignInInput, Tokens } from './auth.schemas.ts';
import { findMe } from './me.queries.ts';
import { DUMMY_HASH, verifyPassword } from './passwords.ts';
import { parseRefreshToken } from './refresh-token.ts';
import type { Sessions } from './sessions.ts';
import type { SignInLimits } from './sign-in-limits.ts';
import { scopeFor } from './tenant-scope.ts';

/** A request by somebody who is not known yet. */
interface UnknownCaller {
  scope: Scope;
  requestId: string;
  sourceAddress: string;
}

interface FoundUser {
  tenant_id: string;
  id: string;
  password_hash: string;
  active: boolean;
}

/** One answer whatever is wrong, so that nobody learns who has an account. */
const signInRefused = () =>
  new AppError('unauthenticated', 'SIGN_IN_REFUSED', 'Tenant, e-mail and password do not belong together. Check them.');

const sessionEnded = () => new AppError('unauthenticated', 'SESSION_ENDED', 'This session is over. Sign in again.');

export const createAuthService = (deps: {
  database: Database;
  commands: Commands;
  limits: SignInLimits;
  sessions: Sessions;
  /** Told when a tenant's users, sessions or keys have changed, or may have. */
  onAccessChanged: (tenant: string) => void;
}) => {
  /** The user as the caller of what they are about to do; with no permissions yet. */
  const callerOf = (request: Omit<UnknownCaller, 'sourceAddress'>, tenant: string, userId: string): Caller => ({
    principal: { kind: 'user', id: userId, tenant, permissions: new Set() },
    scope: scopeFor(tenant, request.scope),
    requestId: request.requestId,
  });

  return {
    async signIn(request: UnknownCaller, input: SignInInput): Promise<Tokens> {
      const emailKey = foldEmail(input.email);
      const nobody = scopeFor(null, request.scope);
      const attempt = { tenant: input.tenant, emailKey, address: request.sourceAddress };
      const counted = await deps.limits.count(nobody, attempt);
      const found = await deps.database.read(nobody, 'primary', (db) =>
        sql<FoundUser>`
          select tenant_id, id, password_hash, active from app.find_user(${input.tenant}, ${emailKey})`.execute(db),
      );
      const user = found.rows[0];
      const verified = await verifyPassword(input.password, user?.password_hash ?? DUMMY_HASH);
      if (!user || !verified || !user.active) throw signInRefused();

      return deps.commands.runWithoutKey(callerOf(request, user.tenant_id, user.id), 'auth.signIn', async (command) => {
        const tokens = await deps.sessions.begin(command, user.password_hash);
        if (!tokens) throw signInRefused();
        await deps.limits.forgive(command.sql, counted);
        return tokens;
      });
    },

    async refresh(request: Omit<UnknownCaller, 'sourceAddress'>, refreshToken: string): Promise<Tokens> {
      const given = parseRefreshToken(refreshToken);
      if (!given) throw sessionEnded();
      const found = await deps.database.read(scopeFor(null, request.scope), 'primary', (db) =>
        sql<{ tenant_id: string; id: string; user_id: string }>`
          select tenant_id, id, user_id from app.find_session(${given.familyHash})`.execute(db),
      );
      const session = found.rows[0];
      if (!session) throw sessionEnded();
      const tokens = await deps.commands.runWithoutKey(
        callerOf(request, session.tenant_id, session.user_id),
        'auth.refresh',
        (command) => deps.sessions.refresh(command, session.id, given),
      );
      if (!tokens) {
        deps.onAccessChanged(session.tenant_id);
        throw sessionEnded();
      }
      return tokens;
    },

    async signOut(caller: Caller): Promise<{ signedOut: true }> {
      const { session } = caller.principal;
      if (session === undefined) {
        throw new AppError('unprocessable', 'NO_SESSION', 'An API key has no session to end. Revoke the key instead.');
      }
      await deps.commands
        .runWithoutKey(caller, 'auth.signOut', (command) => deps.sessions.end(command, session))
        .finally(() => deps.onAccessChanged(caller.principal.tenant));
      return { signedOut: true };
    },

    me: (caller: Caller): Promise<Me> =>
      deps.database.read(caller.scope, 'primary', (db) => findMe(db, caller.principal)),
  };
};

export type AuthService = ReturnType<typeof createAuthService>;

import { LockMode } from '@mikro-orm/core';
import type { Ids } from '../../kernel/ids.ts';
import type { Command } from '../commands/index.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Tokens } from './auth.schemas.ts';
import { newRefreshToken, type RefreshToken } from './refresh-token.ts';
import { sameDigest } from './secrets.ts';
import { SessionEntity } from './session.entity.ts';
import type { AccessSettings } from './settings.ts';
import { UserEntity, type UserRow } from './user.entity.ts';

/** The sessions of users, inside a running command whose caller is the user. */
export interface Sessions {
  /** Null when the user is not active any more or has got another password than the one that was verified. */
  begin(command: Command, passwordHash: string): Promise<Tokens | null>;
  /** Null when the session is over; it ends here when the token was replaced before. */
  refresh(command: Command, sessionId: string, given: RefreshToken): Promise<Tokens | null>;
  end(command: Command, sessionId: string): Promise<void>;
}

export const createSessions = (deps: { ids: Ids; tokens: AccessTokens; settings: AccessSettings }): Sessions => {
  /** Shared, so that whoever changes the user waits, and then ends this session, too. */
  const lockUser = async ({ em, caller }: Command): Promise<UserRow | null> => {
    const { id, tenant } = caller.principal;
    return em.findOne(UserEntity, { id, tenantId: tenant, active: true }, { lockMode: LockMode.PESSIMISTIC_READ });
  };

  const lockSession = ({ em, caller }: Command, id: string) =>
    em.findOne(
      SessionEntity,
      { id, tenantId: caller.principal.tenant, userId: caller.principal.id, revokedAt: null },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    );

  const answer = async (user: UserRow, sid: string, refresh: { text: string; expiresAt: string }): Promise<Tokens> => {
    const access = await deps.tokens.issue({ sub: user.id, tenant: user.tenantId, role: user.role, sid });
    return {
      accessToken: access.token,
      accessTokenExpiresAt: access.expiresAt,
      refreshToken: refresh.text,
      refreshTokenExpiresAt: refresh.expiresAt,
    };
  };

  const expiry = (command: Command) => new Date(command.nowMs + deps.settings.sessionMs).toISOString();

  return {
    async begin(command, passwordHash) {
      const user = await lockUser(command);
      if (user?.passwordHash !== passwordHash) return null;
      const refresh = newRefreshToken(deps.ids);
      const session = command.em.create(SessionEntity, {
        id: deps.ids.uuid(),
        tenantId: user.tenantId,
        userId: user.id,
        familyHash: refresh.familyHash,
        refreshHash: refresh.hash,
        expiresAt: expiry(command),
        revokedAt: null,
        createdAt: command.nowIso,
      });
      command.em.persist(session);
      command.audit({ entity: 'session', entityId: session.id, after: { userId: user.id } });
      return answer(user, session.id, { text: refresh.text, expiresAt: session.expiresAt });
    },

    async refresh(command, sessionId, given) {
      const user = await lockUser(command);
      const session = await lockSession(command, sessionId);
      const note = (after: object) => command.audit({ entity: 'session', entityId: sessionId, after });
      if (!user || !session || Date.parse(session.expiresAt) <= command.nowMs) {
        note({ refused: 'over' });
        return null;
      }
      if (!sameDigest(session.refreshHash, given.hash)) {
        session.revokedAt = command.nowIso;
        command.announce('access.changed', { kind: 'session', id: sessionId });
        note({ revokedAt: command.nowIso, reason: 'a replaced refresh token was used' });
        return null;
      }
      const next = newRefreshToken(deps.ids, given.family);
      session.refreshHash = next.hash;
      session.expiresAt = expiry(command);
      note({ expiresAt: session.expiresAt });
      return answer(user, session.id, { text: next.text, expiresAt: session.expiresAt });
    },

    async end(command, sessionId) {
      const session = await lockSession(command, sessionId);
      if (session) session.revokedAt = command.nowIso;
      command.announce('access.changed', { kind: 'session', id: sessionId });
      command.audit({ entity: 'session', entityId: sessionId, after: { revokedAt: command.nowIso } });
    },
  };
};

import { LockMode } from '@mikro-orm/core';
import { invalid, notFound } from '../../kernel/app-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Caller, Commands } from '../commands/index.ts';
import { ApiKeyEntity, type ApiKeyRow } from './api-key.entity.ts';
import { listApiKeys } from './api-key.queries.ts';
import type {
  ApiKey,
  CreateApiKeyInput,
  CreatedApiKey,
  ListApiKeysInput,
  RevokeApiKeyInput,
} from './api-key.schemas.ts';
import { mustBePublishable, mustHold } from './grants.ts';
import { newKey } from './key-format.ts';

const toApiKey = (row: ApiKeyRow): ApiKey => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  prefix: row.prefix,
  permissions: row.permissions,
  expiresAt: row.expiresAt ?? null,
  lastUsedAt: row.lastUsedAt ?? null,
  revokedAt: row.revokedAt ?? null,
  createdAt: row.createdAt,
});

const audited = ({ name, kind, prefix, permissions, expiresAt, revokedAt }: ApiKey) => ({
  name,
  kind,
  prefix,
  permissions,
  expiresAt,
  revokedAt,
});

export const createApiKeyService = (deps: {
  database: Database;
  commands: Commands;
  clock: Clock;
  ids: Ids;
  /** Told when a tenant's users, sessions or keys have changed, or may have. */
  onAccessChanged: (tenant: string) => void;
}) => ({
  create: (caller: Caller, input: CreateApiKeyInput): Promise<CreatedApiKey> => {
    mustHold(caller.principal.permissions, input.permissions);
    if (input.kind === 'publishable') mustBePublishable(input.permissions);
    return deps.commands.run(caller, 'apiKeys.create', input, async (command) => {
      if (input.expiresAt !== undefined && Date.parse(input.expiresAt) <= command.nowMs) {
        throw invalid('expiresAt', 'Give an instant that is still to come.');
      }
      const key = newKey(deps.ids, input.kind);
      const row = command.em.create(ApiKeyEntity, {
        id: deps.ids.uuid(),
        tenantId: caller.principal.tenant,
        name: input.name,
        kind: input.kind,
        prefix: key.prefix,
        secretHash: key.hash,
        permissions: input.permissions,
        expiresAt: input.expiresAt ?? null,
        lastUsedAt: null,
        revokedAt: null,
        createdAt: command.nowIso,
      });
      command.em.persist(row);
      const made = toApiKey(row);
      command.audit({ entity: 'api_key', entityId: row.id, after: audited(made) });
      command.storeAnswerAs({ ...made, secret: null });
      return { ...made, secret: key.text };
    });
  },

  /** Revoking again changes nothing: the first instant stays. */
  revoke: (caller: Caller, input: RevokeApiKeyInput): Promise<ApiKey> =>
    deps.commands
      .run(caller, 'apiKeys.revoke', input, async (command) => {
        const row = await command.em.findOne(
          ApiKeyEntity,
          { id: input.apiKeyId, tenantId: caller.principal.tenant },
          { lockMode: LockMode.PESSIMISTIC_WRITE },
        );
        if (!row) throw notFound('API key', 'apiKeyId');
        const before = audited(toApiKey(row));
        row.revokedAt ??= command.nowIso;
        command.announce('access.changed', { kind: 'api_key', id: row.id });
        const revoked = toApiKey(row);
        command.audit({ entity: 'api_key', entityId: row.id, before, after: audited(revoked) });
        return revoked;
      })
      .finally(() => deps.onAccessChanged(caller.principal.tenant)),

  list: (caller: Caller, input: ListApiKeysInput) =>
    deps.database.read(caller.scope, 'replica', (db) => listApiKeys(db, input)),
});

export type ApiKeyService = ReturnType<typeof createApiKeyService>;

import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import { AppError, invalid, notFound } from '../../kernel/app-error.ts';
import { givenFields } from '../../kernel/given-fields.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Database, Sql } from '../../platform/db/database.ts';
import type { Outbound } from '../../platform/outbound/index.ts';
import type { Caller, Command, Commands } from '../commands/index.ts';
import { WebhookEndpointEntity, type WebhookEndpointRow } from './endpoint.entity.ts';
import type {
  ChangeEndpointInput,
  CreateEndpointInput,
  Endpoint,
  EndpointWithSecret,
  ListEndpointsInput,
  UpdateEndpointInput,
} from './endpoint.schemas.ts';
import { lineUpAll } from './line-up.ts';
import { findEndpoint, listEndpoints } from './queries.ts';
import { newSecret, type SecretBox } from './signing.ts';

export interface EndpointServiceOptions {
  commands: Commands;
  database: Database;
  ids: Ids;
  outbound: Outbound;
  secrets: SecretBox;
  mostEndpoints: number;
}

/** Both secrets sign for as long after a rotation. */
const ROTATION_MS = 24 * 3_600_000;

const toEndpoint = (row: WebhookEndpointRow): Endpoint => ({
  id: row.id,
  url: row.url,
  description: row.description ?? null,
  eventTypes: row.eventTypes ?? null,
  active: row.active,
  disabledReason: row.disabledReason ?? null,
  failingSince: row.failingSince ?? null,
  previousSecretUntil: row.previousSecretUntil ?? null,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

const audited = ({ url, description, eventTypes, active }: Endpoint) => ({ url, description, eventTypes, active });

/** One at a time for each tenant, so that the limit holds. */
const refuseTooMany = async (db: Sql, most: number): Promise<void> => {
  await sql`select 1 from tenant where id = app.tenant() for no key update`.execute(db);
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from webhook_endpoint where tenant_id = app.tenant() and removed_at is null`.execute(db);
  if ((rows[0]?.count ?? 0) < most) return;
  throw new AppError('conflict', 'TOO_MANY_ENDPOINTS', `A tenant has ${most} endpoints at most. Remove one first.`, {
    details: { limit: most },
  });
};

const lockEndpoint = async ({ em, caller }: Command, endpointId: string): Promise<WebhookEndpointRow> => {
  const row = await em.findOne(
    WebhookEndpointEntity,
    { id: endpointId, tenantId: caller.principal.tenant, removedAt: null },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (!row) throw notFound('webhook endpoint', 'endpointId');
  return row;
};

export const createEndpointService = (deps: EndpointServiceOptions) => ({
  create: (caller: Caller, input: CreateEndpointInput): Promise<EndpointWithSecret> => {
    const { href } = deps.outbound.checkAddress(input.url);
    return deps.commands.run(caller, 'webhooks.create', input, async (command) => {
      await refuseTooMany(command.sql, deps.mostEndpoints);
      const secret = newSecret();
      const row = command.em.create(WebhookEndpointEntity, {
        id: deps.ids.uuid(),
        tenantId: caller.principal.tenant,
        url: href,
        description: input.description ?? null,
        eventTypes: input.eventTypes ?? null,
        secret: deps.secrets.seal(secret),
        previousSecret: null,
        previousSecretUntil: null,
        active: true,
        disabledReason: null,
        failingSince: null,
        createdAt: command.nowIso,
        updatedAt: command.nowIso,
        removedAt: null,
      });
      command.em.persist(row);
      const made = toEndpoint(row);
      command.audit({ entity: 'webhook_endpoint', entityId: row.id, after: audited(made) });
      command.storeAnswerAs({ ...made, secret: null });
      return { ...made, secret };
    });
  },

  update: (caller: Caller, input: UpdateEndpointInput): Promise<Endpoint> => {
    const { endpointId, idempotencyKey: _, ...changes } = input;
    const href = changes.url === undefined ? undefined : deps.outbound.checkAddress(changes.url).href;
    return deps.commands.run(caller, 'webhooks.update', input, async (command) => {
      const row = await lockEndpoint(command, endpointId);
      const before = audited(toEndpoint(row));
      command.em.assign(row, { ...givenFields({ ...changes, url: href }), updatedAt: command.nowIso });
      if (changes.active) {
        Object.assign(row, { disabledReason: null, failingSince: null });
        await lineUpAll(command.sql, endpointId, command.nowIso);
      }
      const after = toEndpoint(row);
      command.audit({ entity: 'webhook_endpoint', entityId: row.id, before, after: audited(after) });
      return after;
    });
  },

  /** A new secret; the one before signs as well for a day. A second rotation within the day is refused. */
  rotateSecret: (caller: Caller, input: ChangeEndpointInput): Promise<EndpointWithSecret> =>
    deps.commands.run(caller, 'webhooks.rotateSecret', input, async (command) => {
      const row = await lockEndpoint(command, input.endpointId);
      if (row.previousSecretUntil && row.previousSecretUntil > command.nowIso) {
        throw invalid(
          'endpointId',
          `Two secrets are good until ${row.previousSecretUntil}. Rotate again then.`,
          'ROTATED_ALREADY',
        );
      }
      const secret = newSecret();
      row.previousSecret = row.secret;
      row.previousSecretUntil = new Date(command.nowMs + ROTATION_MS).toISOString();
      row.secret = deps.secrets.seal(secret);
      row.updatedAt = command.nowIso;
      const after = toEndpoint(row);
      const { previousSecretUntil } = after;
      command.audit({ entity: 'webhook_endpoint', entityId: row.id, after: { previousSecretUntil } });
      command.storeAnswerAs({ ...after, secret: null });
      return { ...after, secret };
    }),

  /** Gone for everyone at once, and nothing more is begun; maintenance deletes its rows. */
  remove: (caller: Caller, input: ChangeEndpointInput): Promise<{ endpointId: string }> =>
    deps.commands.run(caller, 'webhooks.remove', input, async (command) => {
      const { endpointId } = input;
      const row = await lockEndpoint(command, endpointId);
      command.audit({ entity: 'webhook_endpoint', entityId: endpointId, before: audited(toEndpoint(row)) });
      row.active = false;
      row.removedAt = command.nowIso;
      row.updatedAt = command.nowIso;
      return { endpointId };
    }),

  get: async (caller: Caller, endpointId: string): Promise<Endpoint> => {
    const found = await deps.database.read(caller.scope, 'replica', (db) => findEndpoint(db, endpointId));
    if (!found) throw notFound('webhook endpoint', 'endpointId');
    return found;
  },

  list: (caller: Caller, input: ListEndpointsInput) =>
    deps.database.read(caller.scope, 'replica', (db) => listEndpoints(db, input)),
});

export type EndpointService = ReturnType<typeof createEndpointService>;

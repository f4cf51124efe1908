import { sql } from 'kysely';
import { z } from 'zod';
import { decodeCursor, id, toPage } from '../../kernel/wire.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { Delivery, ListDeliveriesInput } from './delivery.schemas.ts';
import type { Endpoint, ListEndpointsInput } from './endpoint.schemas.ts';

const columns = sql`
  id, url, description, event_types as "eventTypes", active, disabled_reason as "disabledReason",
  failing_since as "failingSince", previous_secret_until as "previousSecretUntil",
  created_at as "createdAt", updated_at as "updatedAt"`;

export const listEndpoints = async (db: Sql, { cursor, limit }: ListEndpointsInput) => {
  const after = cursor === undefined ? null : decodeCursor(cursor, z.tuple([id]))[0];
  const { rows } = await sql<Endpoint>`
    select ${columns} from webhook_endpoint
    where tenant_id = app.tenant() and removed_at is null ${after === null ? sql`` : sql`and id > ${after}`}
    order by id limit ${limit + 1}`.execute(db);
  return toPage(rows, limit, (row) => [row.id]);
};

export const findEndpoint = async (db: Sql, endpointId: string): Promise<Endpoint | null> => {
  const { rows } = await sql<Endpoint>`
    select ${columns} from webhook_endpoint
    where tenant_id = app.tenant() and id = ${endpointId} and removed_at is null`.execute(db);
  return rows[0] ?? null;
};

/** One page of an endpoint's deliveries, newest first, in one statement. */
export const listDeliveries = async (db: Sql, { endpointId, state, cursor, limit }: ListDeliveriesInput) => {
  const before = cursor === undefined ? null : decodeCursor(cursor, z.tuple([id]))[0];
  const { rows } = await sql<Delivery>`
    select d.id, d.endpoint_id as "endpointId", d.event_id as "eventId", e.type, d.booking_id as "bookingId", d.state,
      case when d.state = 'pending' then nullif(d.next_try_at, 'infinity') end as "nextTryAt", d.created_at as "createdAt",
      d.finished_at as "finishedAt", d.attempts
    from webhook_delivery d
    join event e on e.tenant_id = app.tenant() and e.id = d.event_id
    join webhook_endpoint p on p.tenant_id = app.tenant() and p.id = d.endpoint_id and p.removed_at is null
    where d.tenant_id = app.tenant() and d.endpoint_id = ${endpointId}
      ${state ? sql`and d.state = ${state}` : sql``} ${before === null ? sql`` : sql`and d.id < ${before}`}
    order by d.id desc limit ${limit + 1}`.execute(db);
  return toPage(rows, limit, (row) => [row.id]);
};

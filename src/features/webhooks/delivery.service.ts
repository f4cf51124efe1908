import { sql } from 'kysely';
import { AppError, notFound } from '../../kernel/app-error.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { Caller } from '../commands/index.ts';
import type { ListDeliveriesInput, ReplayInput } from './delivery.schemas.ts';
import { lineUp, lockEndpoint } from './line-up.ts';
import { findEndpoint, listDeliveries } from './queries.ts';
import { createTestDelivery, type TestDeliveryOptions } from './test-delivery.ts';

const MOST_REPLAYED = 20_000;

/** The smallest UUIDv7 of an instant; events' ids begin with theirs. */
const firstIdAt = (instant: string): string => {
  const hex = Date.parse(instant).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
};

/** Pending again, at the end of the line until it is lined up. */
const again = sql`state = 'pending', tries = 0, next_try_at = 'infinity', finished_at = null`;

interface Replayed {
  bookingId: string | null;
}

const replayOne = async (db: Sql, endpointId: string, deliveryId: string): Promise<Replayed[]> => {
  const { rows } = await sql<Replayed>`
    update webhook_delivery set ${again}
    where tenant_id = app.tenant() and endpoint_id = ${endpointId} and id = ${deliveryId}
    returning booking_id as "bookingId"`.execute(db);
  if (rows.length === 0) throw notFound('delivery of this endpoint', 'deliveryId');
  return rows;
};

const replayRange = async (
  db: Sql,
  endpointId: string,
  { from, until }: { from: string; until: string },
  nowIso: string,
): Promise<Replayed[]> => {
  const { rows } = await sql<Replayed>`
    insert into webhook_delivery as d (id, endpoint_id, event_id, booking_id, txid, position, next_try_at, created_at)
    select app.uuid_v7(${nowIso}), p.id, e.id, e.booking_id, e.txid, e.position, 'infinity', ${nowIso}
    from webhook_endpoint p
    join event e on e.tenant_id = app.tenant() and (p.event_types is null or e.type = any (p.event_types))
    where p.tenant_id = app.tenant() and p.id = ${endpointId}
      and e.id >= ${firstIdAt(from)}::uuid and e.id < ${firstIdAt(until)}::uuid
    limit ${MOST_REPLAYED + 1}
    on conflict (tenant_id, endpoint_id, event_id) do update set ${again}
    returning booking_id as "bookingId"`.execute(db);
  if (rows.length <= MOST_REPLAYED) return rows;
  throw new AppError(
    'unprocessable',
    'RANGE_TOO_LARGE',
    `The range has more than ${MOST_REPLAYED} events. Replay it in parts.`,
    { details: { limit: MOST_REPLAYED } },
  );
};

/** What is of no booking waits for nothing. */
const lineUpReplayed = async (db: Sql, endpointId: string, replayed: readonly Replayed[], nowIso: string) => {
  await lineUp(
    db,
    replayed.map(({ bookingId }) => ({ endpointId, bookingId })),
    nowIso,
  );
  await sql`
    update webhook_delivery set next_try_at = ${nowIso}
    where tenant_id = app.tenant() and endpoint_id = ${endpointId} and state = 'pending'
      and booking_id is null and next_try_at = 'infinity'`.execute(db);
};

export const createDeliveryService = (deps: TestDeliveryOptions) => ({
  list: (caller: Caller, input: ListDeliveriesInput) =>
    deps.database.read(caller.scope, 'replica', async (db) => {
      const page = await listDeliveries(db, input);
      if (page.items.length === 0 && !(await findEndpoint(db, input.endpointId))) {
        throw notFound('webhook endpoint', 'endpointId');
      }
      return page;
    }),

  /** Makes a delivery, or all of a range of events, pending again; what has been pending starts anew. */
  replay: (caller: Caller, input: ReplayInput): Promise<{ deliveries: number }> =>
    deps.commands.run(caller, 'webhooks.replay', input, async ({ sql: db, nowIso, audit }) => {
      const { endpointId, deliveryId, from = '', until = '' } = input;
      if (!(await lockEndpoint(db, endpointId))) throw notFound('webhook endpoint', 'endpointId');
      const replayed = deliveryId
        ? await replayOne(db, endpointId, deliveryId)
        : await replayRange(db, endpointId, { from, until }, nowIso);
      await lineUpReplayed(db, endpointId, replayed, nowIso);
      const deliveries = replayed.length;
      const range = deliveryId ? { deliveryId } : { from, until };
      audit({ entity: 'webhook_endpoint', entityId: endpointId, after: { replayed: deliveries, ...range } });
      return { deliveries };
    }),

  test: createTestDelivery(deps),
});

export type DeliveryService = ReturnType<typeof createDeliveryService>;

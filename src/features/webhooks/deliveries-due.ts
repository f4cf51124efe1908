import { sql } from 'kysely';
import type { Sql } from '../../platform/db/database.ts';
import { type OutboxEvent, WITHOUT_WAITING } from '../events/index.ts';

/** An endpoint as its deliverer needs it. */
export interface ServedEndpoint {
  url: string;
  secret: Buffer;
  /** Null unless it is good still. */
  previousSecret: Buffer | null;
}

/** Something to be delivered now. */
export interface DueDelivery
  extends Pick<OutboxEvent, 'bookingId' | 'bookingSeq' | 'type' | 'version' | 'payload' | 'at'> {
  id: string;
  tries: number;
  eventId: string;
  /** Of the trace that the event was written in. */
  traceParent: string | null;
}

const served = (nowIso: string) => sql`
  url, secret, case when previous_secret_until > ${nowIso}::timestamptz then previous_secret end as "previousSecret"`;

/**
 * Takes or keeps the endpoint for this worker until `untilIso`, by the machine's time; false when another one has it, or it
 * is switched off.
 */
export const leaseEndpoint = async (
  db: Sql,
  endpointId: string,
  worker: string,
  { nowIso, untilIso }: { nowIso: string; untilIso: string },
): Promise<boolean> => {
  const { rows } = await sql`
    update webhook_endpoint set leased_by = ${worker}, leased_until = ${untilIso}
    where tenant_id = app.tenant() and id = ${endpointId} and active
      and (leased_by = ${worker} or leased_until is null or leased_until <= ${nowIso}::timestamptz)
    returning ${WITHOUT_WAITING}`.execute(db);
  return rows.length > 0;
};

/** The endpoint as it is now; null unless it is switched on and leased by this worker. */
export const findServed = async (
  db: Sql,
  endpointId: string,
  worker: string,
  nowIso: string,
): Promise<ServedEndpoint | null> => {
  const { rows } = await sql<ServedEndpoint>`
    select ${served(nowIso)} from webhook_endpoint
    where tenant_id = app.tenant() and id = ${endpointId} and active and leased_by = ${worker}`.execute(db);
  return rows[0] ?? null;
};

/** The endpoint as it is now, whoever serves it; null when there is none. */
export const findEndpointToTest = async (
  db: Sql,
  endpointId: string,
  nowIso: string,
): Promise<ServedEndpoint | null> => {
  const { rows } = await sql<ServedEndpoint>`
    select ${served(nowIso)} from webhook_endpoint
    where tenant_id = app.tenant() and id = ${endpointId} and removed_at is null`.execute(db);
  return rows[0] ?? null;
};

export const releaseEndpoint = async (db: Sql, endpointId: string, worker: string): Promise<void> => {
  await sql`
    update webhook_endpoint set leased_by = null, leased_until = null
    where tenant_id = app.tenant() and id = ${endpointId} and leased_by = ${worker}
    returning ${WITHOUT_WAITING}`.execute(db);
};

/** What may be delivered now, in order, other than what is under way. */
export const findDue = async (
  db: Sql,
  endpointId: string,
  { nowIso, underWay, limit }: { nowIso: string; underWay: readonly string[]; limit: number },
): Promise<DueDelivery[]> => {
  const { rows } = await sql<DueDelivery>`
    select d.id, d.tries, e.id as "eventId", e.booking_id as "bookingId", e.booking_seq as "bookingSeq", e.type,
      e.version, e.payload, e.at, e.trace_parent as "traceParent"
    from webhook_delivery d
    join event e on e.tenant_id = app.tenant() and e.id = d.event_id
    where d.tenant_id = app.tenant() and d.endpoint_id = ${endpointId} and d.state = 'pending'
      and d.next_try_at <= ${nowIso}::timestamptz and d.id <> all (${[...underWay]}::uuid[])
    order by d.next_try_at, d.txid, d.position
    limit ${limit}`.execute(db);
  return rows;
};

import { sql } from 'kysely';
import type { Sql } from '../../platform/db/database.ts';

interface Place {
  endpointId: string;
  bookingId: string | null;
}

/** Locks an endpoint until the transaction ends; false when there is none. */
export const lockEndpoint = async (db: Sql, endpointId: string): Promise<boolean> => {
  const { rows } = await sql`
    select 1 from webhook_endpoint
    where tenant_id = app.tenant() and id = ${endpointId} and removed_at is null for no key update`.execute(db);
  return rows.length > 0;
};

/** Lets the earliest pending delivery of each booking be due, and the others wait for it. The endpoints must be locked. */
export const lineUp = async (db: Sql, places: readonly Place[], nowIso: string): Promise<void> => {
  const ofBookings = places.filter(({ bookingId }) => bookingId !== null);
  await sql`
    select app.line_up_deliveries(${ofBookings.map(({ endpointId }) => endpointId)}::uuid[],
      ${ofBookings.map(({ bookingId }) => bookingId)}::uuid[], ${nowIso})`.execute(db);
};

/** The same for every booking that has something pending at the endpoint, which must be locked. */
export const lineUpAll = async (db: Sql, endpointId: string, nowIso: string): Promise<void> => {
  const { rows } = await sql<Place>`
    select distinct endpoint_id as "endpointId", booking_id as "bookingId" from webhook_delivery
    where tenant_id = app.tenant() and endpoint_id = ${endpointId} and state = 'pending'`.execute(db);
  await lineUp(db, rows, nowIso);
};

import { sql } from 'kysely';
import type { Sql } from '../../platform/db/database.ts';
import { type Bench, BITE, type Bites, bite } from './bites.ts';

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

interface Bite {
  deleted: number;
  last: string | null;
}

const lockRemovedEndpoint = async (db: Sql): Promise<string | null> => {
  const { rows } = await sql<{ id: string }>`
    select id from webhook_endpoint where tenant_id = app.tenant() and removed_at is not null
    order by id limit 1 for update`.execute(db);
  return rows[0]?.id ?? null;
};

const deleteDeliveries = async (db: Sql, endpointId: string, after: string): Promise<Bite> => {
  const { rows } = await sql<Bite>`
    with gone as (
      delete from webhook_delivery where tenant_id = app.tenant() and ctid = any (array(
        select ctid from webhook_delivery
        where tenant_id = app.tenant() and endpoint_id = ${endpointId} and id > ${after}
        order by id limit ${BITE}))
      returning id
    )
    select (select count(*)::integer from gone) as deleted, (select id from gone order by id desc limit 1) as last`.execute(
    db,
  );
  return rows[0] ?? { deleted: 0, last: null };
};

/** Deletes the deliveries of webhook endpoints that were removed, and each endpoint with the last of them. */
export async function* deleteRemovedEndpoints(bench: Bench): Bites {
  // Each bite begins where the one before ended: what is deleted stays in the index until a vacuum.
  for (let from = { endpointId: '', deliveryId: FIRST_ID }; ; ) {
    const done = await bite(bench, async (db) => {
      // In a statement of its own, so that the next one sees what another run has deleted meanwhile.
      const endpointId = await lockRemovedEndpoint(db);
      if (endpointId === null) return null;
      const after = endpointId === from.endpointId ? from.deliveryId : FIRST_ID;
      const { deleted, last } = await deleteDeliveries(db, endpointId, after);
      if (deleted < BITE) {
        await sql`delete from webhook_endpoint where tenant_id = app.tenant() and id = ${endpointId}`.execute(db);
      }
      return { deleted, endpointId, deliveryId: last ?? after };
    });
    if (!done) return;
    yield done.deleted;
    from = done;
  }
}

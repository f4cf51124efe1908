import { sql } from 'kysely';
import { BEGINNING, type OutboxPosition } from '../events/index.ts';
import { type Bench, BITE, type Bites, bite } from './bites.ts';

/** Beyond every event: how far a tenant without consumers has been told. */
const END: OutboxPosition = { txid: '18446744073709551615', position: Number.MAX_SAFE_INTEGER };

type Bite = OutboxPosition & { deleted: number };

/**
 * Deletes the events from before `keptSince` in their order, up to the first that is younger, that a consumer has not
 * passed, that is still to be delivered to an endpoint, or that is not older than the oldest running transaction. What
 * was deleted last is recorded with each bite.
 */
export async function* deleteEvents(bench: Bench, keptSince: string): Bites {
  // Each bite begins where the one before ended: what is deleted stays in the index until a vacuum.
  for (let from = BEGINNING; ; ) {
    const { rows } = await bite(bench, (db) =>
      sql<Bite>`
        with passed as (
          select c.txid, c.position from event_consumer c where c.tenant_id = app.tenant()
          union all select ${END.txid}::xid8, ${END.position}::bigint
          order by txid, position limit 1
        ), looked as (
          select e.ctid as row, e.txid, e.position, e.at, exists (
              select from webhook_delivery d
              join webhook_endpoint p on p.tenant_id = app.tenant() and p.id = d.endpoint_id and p.active
              where d.tenant_id = app.tenant() and d.event_id = e.id and d.state = 'pending'
            ) as pending
          from event e
          where e.tenant_id = app.tenant() and (e.txid, e.position) > (${from.txid}::xid8, ${from.position}::bigint)
            and (e.txid, e.position) <= ((select txid from passed), (select position from passed))
            and e.txid < pg_snapshot_xmin(pg_current_snapshot())
          order by e.txid, e.position limit ${BITE}
        ), aged as (
          select row, bool_and(at < ${keptSince}::timestamptz and not pending) over (order by txid, position) as due from looked
        ), gone as (
          delete from event
          where tenant_id = app.tenant() and ctid = any (array(select row from aged where due))
          returning event.txid, event.position
        ), last as (
          select txid, position from gone order by gone.txid desc, gone.position desc limit 1
        ), recorded as (
          insert into event_retention (txid, position) select txid, position from last
          on conflict (tenant_id) do update set txid = excluded.txid, position = excluded.position
        )
        select txid::text as txid, position, (select count(*)::integer from gone) as deleted from last`.execute(db),
    );
    const [done] = rows;
    yield done?.deleted ?? 0;
    if (!done || done.deleted < BITE) return;
    from = done;
  }
}

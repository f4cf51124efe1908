import { sql } from 'kysely';
import type { Sql } from '../../platform/db/database.ts';
import { type OutboxEvent, outboxColumns } from './outbox.ts';

/** Which transactions have ended now, as PostgreSQL prints it; to be asked on the primary. */
export const presentMoment = async (db: Sql): Promise<string> => {
  const { rows } = await sql<{ moment: string }>`select pg_current_snapshot()::text as moment`.execute(db);
  if (!rows[0]) throw new Error('a database that does not know its snapshot');
  return rows[0].moment;
};

export interface NewlyVisible {
  /** By (txid, position), `limit` at most; a full page is followed by what `readVisible` finds after its end. */
  events: OutboxEvent[];
  /** When it was read, to be asked from the next time, however many pages followed. */
  moment: string;
}

/**
 * The tenant's events that could not be seen at an earlier moment, final or not, and some that could, whatever still runs
 * elsewhere. To be read on the primary that told the moment.
 *
 * None is missed. Whoever wrote an event that is seen now and was not then had either not begun to write then, so that its
 * id is no less than that moment's end, or ran then and has ended since. An event's txid is no less than its writer's id.
 * So all of them stand from the least of these ids on. A transaction that goes on running has shown nothing: however old it is,
 * nothing is read again because of it before it ends, and then once. Pages after the first see later moments, and what
 * comes to stand before their place meanwhile was not seen at the first one's moment, so the next reading finds it.
 */
export const readNewlyVisible = async (db: Sql, since: string, limit: number): Promise<NewlyVisible> => {
  const { rows } = await sql<(OutboxEvent | { id: null }) & { moment: string }>`
    select ${outboxColumns}, s.moment
    from (
      select pg_current_snapshot()::text as moment, (
        select least(
          pg_snapshot_xmax(${since}::pg_snapshot),
          (select min(x) from pg_snapshot_xip(${since}::pg_snapshot) x
            where pg_visible_in_snapshot(x, pg_current_snapshot()))
        )
      ) as least_txid
    ) s
    left join lateral (
      select * from event
      where tenant_id = app.tenant() and txid >= s.least_txid
      order by txid, position
      limit ${limit}
    ) e on true
    order by e.txid, e.position`.execute(db);
  if (!rows[0]) throw new Error('a database that does not know its snapshot');
  const { moment } = rows[0];
  return { moment, events: rows.flatMap(({ moment: _moment, ...row }) => (row.id === null ? [] : [row])) };
};

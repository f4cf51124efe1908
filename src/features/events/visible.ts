import { type RawBuilder, sql } from 'kysely';
import type { Sql } from '../../platform/db/database.ts';
import { type OutboxEvent, type OutboxPosition, outboxColumns } from './outbox.ts';

/** An event that may not be final yet: others may still come to stand before it. */
export interface VisibleEvent extends OutboxEvent {
  isFinal: boolean;
}

const after = ({ txid, position }: OutboxPosition): RawBuilder<unknown> => sql`
  tenant_id = app.tenant() and txid >= ${txid}::xid8 and (txid > ${txid}::xid8 or position > ${position})`;

/**
 * The tenant's events after a position as far as they can be seen, final or not, for whom the order doesn't matter: going on
 * after the last final one, and passing over the others that were seen, nothing is missed. To be read on the primary.
 */
export const readVisible = async (db: Sql, from: OutboxPosition, limit: number): Promise<VisibleEvent[]> => {
  const { rows } = await sql<VisibleEvent>`
    select ${outboxColumns}, e.txid < pg_snapshot_xmin(pg_current_snapshot()) as "isFinal"
    from (select * from event where ${after(from)} order by txid, position limit ${limit}) e
    order by e.txid, e.position`.execute(db);
  return rows;
};

/**
 * Writes a few bytes of log that nobody reads. What was committed right where the log stands may not be visible there yet;
 * a look that begins after the log has moved on knows that it has seen it.
 */
export const moveLogOn = (db: Sql) => sql`select pg_logical_emit_message(false, 'innkeeper', '')`.execute(db);

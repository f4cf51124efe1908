import { sql } from 'kysely';
import { AppError } from '../../kernel/app-error.ts';
import type { Sql } from '../../platform/db/database.ts';
import { cursorOf, eventsAfter, type OutboxEvent, type OutboxPosition, outboxColumns } from './outbox.ts';

interface Retained {
  retainedTxid: string | null;
  retainedPosition: number | null;
}

const refuseGone = (retained: Retained | undefined): void => {
  if (typeof retained?.retainedTxid !== 'string' || retained.retainedPosition === null) return;
  const oldest = cursorOf({ txid: retained.retainedTxid, position: retained.retainedPosition });
  const message =
    'Events after this cursor are no longer kept. Read anew what you keep of them, then go on from details.oldest.';
  throw new AppError('not_found', 'EVENTS_GONE', message, {
    fields: [{ path: 'cursor', message: 'Events after it were deleted because of their age.' }],
    details: { oldest },
  });
};

/** The place of the last event that was deleted because of its age, if it lies after this one. */
const retainedAfter = ({ txid, position }: OutboxPosition) => sql`
  select r.txid as retained_txid, r.position as retained_position from event_retention r
  where r.tenant_id = app.tenant() and (r.txid, r.position) > (${txid}::xid8, ${position}::bigint)`;

/**
 * Throws AppError EVENTS_GONE, with the oldest cursor that is kept in `details.oldest`, when events after this position
 * were deleted because of their age. Beside another read of events it has to come after it, or one may slip between.
 */
export const assertKept = async (db: Sql, position: OutboxPosition): Promise<void> => {
  const { rows } = await sql<Retained>`
    select retained_txid::text as "retainedTxid", retained_position as "retainedPosition"
    from (${retainedAfter(position)}) r`.execute(db);
  refuseGone(rows[0]);
};

/** As readOutbox; throws as assertKept does, found out in the same statement. */
export const readKept = async (
  db: Sql,
  from: OutboxPosition,
  limit: number,
  bookingId?: string,
): Promise<OutboxEvent[]> => {
  const { rows } = await sql<(OutboxEvent | { id: null }) & Retained>`
    select ${outboxColumns}, r.retained_txid::text as "retainedTxid", r.retained_position as "retainedPosition"
    from (select) one
    left join (${retainedAfter(from)}) r on true
    left join lateral (${eventsAfter(from, limit, bookingId)}) e on r.retained_txid is null
    order by e.txid, e.position`.execute(db);
  refuseGone(rows[0]);
  return rows.flatMap(({ retainedTxid: _txid, retainedPosition: _position, ...row }) => (row.id === null ? [] : [row]));
};

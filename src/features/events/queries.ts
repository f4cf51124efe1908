import { sql } from 'kysely';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../../kernel/wire.ts';
import type { Sql } from '../../platform/db/database.ts';

const position = z.tuple([z.string().regex(/^\d{1,20}$/), z.int().min(0)]);

export interface EventRow {
  id: string;
  bookingId: string | null;
  bookingSeq: number | null;
  type: string;
  payload: Record<string, unknown>;
  at: string;
  txid: string;
  position: number;
}

/**
 * Events in an order in which none is skipped: by (txid, position), below the oldest transaction that still runs.
 * The cursor stays good for ever; an empty page answers the one that was given. The order names its table: a bare txid
 * would be the answer's, which is text.
 */
export const listEvents = async (
  db: Sql,
  { cursor, limit, bookingId }: { cursor?: string | undefined; limit: number; bookingId?: string | undefined },
) => {
  const after = cursor ? decodeCursor(cursor, position) : (['0', 0] as const);
  const { rows } = await sql<EventRow>`
    select id, booking_id as "bookingId", booking_seq as "bookingSeq", type, payload, at,
      txid::text as txid, position
    from event
    where tenant_id = app.tenant()
      and txid >= ${after[0]}::xid8 and (txid > ${after[0]}::xid8 or position > ${after[1]})
      and txid < pg_snapshot_xmin(pg_current_snapshot())
      ${bookingId ? sql`and booking_id = ${bookingId}` : sql``}
    order by event.txid, event.position
    limit ${limit + 1}`.execute(db);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(({ txid: _txid, position: _position, ...event }) => event),
    cursor: last ? encodeCursor([last.txid, last.position]) : (cursor ?? encodeCursor(after)),
    hasMore: rows.length > limit,
  };
};

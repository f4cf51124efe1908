import { sql } from 'kysely';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../../kernel/wire.ts';
import type { Sql } from '../../platform/db/database.ts';

/** A place in the order of events: the greatest transaction id seen, and the position within. */
export interface OutboxPosition {
  txid: string;
  position: number;
}

export interface OutboxEvent extends OutboxPosition {
  id: string;
  bookingId: string | null;
  bookingSeq: number | null;
  type: string;
  version: number;
  payload: Record<string, unknown>;
  at: string;
}

export const BEGINNING: OutboxPosition = { txid: '0', position: 0 };

const shape = z.tuple([z.string().regex(/^\d{1,20}$/), z.int().min(0)]);

export const cursorOf = ({ txid, position }: OutboxPosition): string => encodeCursor([txid, position]);

/** Throws AppError INVALID_CURSOR for text that no cursor is. */
export const positionOf = (cursor: string): OutboxPosition => {
  const [txid, position] = decodeCursor(cursor, shape);
  return { txid, position };
};

const after = ({ txid, position }: OutboxPosition) =>
  sql`tenant_id = app.tenant() and txid >= ${txid}::xid8 and (txid > ${txid}::xid8 or position > ${position})`;

/**
 * The tenant's next events in an order in which none is skipped: by (txid, position), below the oldest transaction that
 * still runs. To be read on the primary: a standby does not know its oldest transaction. The order names its table: a bare
 * txid would be the answer's, which is text.
 */
export const readOutbox = async (
  db: Sql,
  from: OutboxPosition,
  limit: number,
  bookingId?: string,
): Promise<OutboxEvent[]> => {
  const { rows } = await sql<OutboxEvent>`
    select id, booking_id as "bookingId", booking_seq as "bookingSeq", type, version, payload, at,
      txid::text as txid, position
    from event
    where ${after(from)} and txid < pg_snapshot_xmin(pg_current_snapshot())
      ${bookingId ? sql`and booking_id = ${bookingId}` : sql``}
    order by event.txid, event.position
    limit ${limit}`.execute(db);
  return rows;
};

/** Whether there are events that are not final yet, because an older transaction still runs. */
export const hasUnsettled = async (db: Sql, from: OutboxPosition): Promise<boolean> => {
  const { rows } = await sql<{ waiting: boolean }>`
    select exists (select from event where ${after(from)}) as waiting`.execute(db);
  return rows[0]?.waiting ?? false;
};

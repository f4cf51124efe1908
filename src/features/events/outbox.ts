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

/** An event with the trace that it was written in, as a W3C traceparent; null where that was not recorded. */
export interface TracedEvent extends OutboxEvent {
  traceParent: string | null;
}

export const BEGINNING: OutboxPosition = { txid: '0', position: 0 };

const MOST_TXID = 2n ** 64n - 1n;

const shape = z.tuple([
  z
    .string()
    .regex(/^\d{1,20}$/)
    .refine((txid) => BigInt(txid) <= MOST_TXID),
  z.int().min(0),
]);

export const cursorOf = ({ txid, position }: OutboxPosition): string => encodeCursor([txid, position]);

/** Throws AppError INVALID_CURSOR for text that no cursor is. */
export const positionOf = (cursor: string): OutboxPosition => {
  const [txid, position] = decodeCursor(cursor, shape);
  return { txid: String(BigInt(txid)), position };
};

/** Whether `one` is a later place than `other`; transaction ids are written without leading zeros. */
export const comesAfter = (one: OutboxPosition, other: OutboxPosition): boolean => {
  if (one.txid === other.txid) return one.position > other.position;
  if (one.txid.length !== other.txid.length) return one.txid.length > other.txid.length;
  return one.txid > other.txid;
};

const after = ({ txid, position }: OutboxPosition) =>
  sql`tenant_id = app.tenant() and txid >= ${txid}::xid8 and (txid > ${txid}::xid8 or position > ${position})`;

/** Up to `limit` settled events after a position, with the columns that outboxColumns takes. */
export const eventsAfter = (from: OutboxPosition, limit: number, bookingId?: string) => sql`
  select id, booking_id, booking_seq, type, version, payload, at, txid, position, trace_parent from event
  where ${after(from)} and txid < pg_snapshot_xmin(pg_current_snapshot())
    ${bookingId ? sql`and booking_id = ${bookingId}` : sql``}
  order by txid, position
  limit ${limit}`;

/** The columns of an OutboxEvent, of a row `e` of the table. */
export const outboxColumns = sql`
  e.id, e.booking_id as "bookingId", e.booking_seq as "bookingSeq", e.type, e.version, e.payload, e.at,
  e.txid::text as txid, e.position`;

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
    select ${outboxColumns} from (${eventsAfter(from, limit, bookingId)}) e order by e.txid, e.position`.execute(db);
  return rows;
};

/** The same for those who act on events, which goes on with the events' traces. */
export const readTracedOutbox = async (db: Sql, from: OutboxPosition, limit: number): Promise<TracedEvent[]> => {
  const { rows } = await sql<TracedEvent>`
    select ${outboxColumns}, e.trace_parent as "traceParent" from (${eventsAfter(from, limit)}) e
    order by e.txid, e.position`.execute(db);
  return rows;
};

/**
 * Whether there are events that are not final yet, because an older transaction still runs. The order keeps it on its index: a
 * plan for whatever position expects to find one soon, and would read all events to see that there is none.
 */
export const hasUnsettled = async (db: Sql, from: OutboxPosition): Promise<boolean> => {
  const { rows } = await sql<{ waiting: boolean }>`
    select (select true from event where ${after(from)} order by txid, position limit 1) is true as waiting`.execute(
    db,
  );
  return rows[0]?.waiting ?? false;
};

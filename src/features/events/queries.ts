import type { Sql } from '../../platform/db/database.ts';
import { BEGINNING, cursorOf, positionOf, readOutbox } from './outbox.ts';

/** A page of the tenant's events. The cursor stays good as long as the events are kept; an empty page answers the one that was given. */
export const listEvents = async (
  db: Sql,
  { cursor, limit, bookingId }: { cursor?: string | undefined; limit: number; bookingId?: string | undefined },
) => {
  const from = cursor === undefined ? BEGINNING : positionOf(cursor);
  const rows = await readOutbox(db, from, limit + 1, bookingId);
  const items = rows.slice(0, limit);
  return {
    items: items.map(({ txid: _txid, position: _position, ...event }) => event),
    cursor: cursorOf(items.at(-1) ?? from),
    hasMore: rows.length > limit,
  };
};

import type { Sql } from '../../platform/db/database.ts';
import { BEGINNING, cursorOf, positionOf, readOutbox } from './outbox.ts';
import { readKept } from './retention.ts';

/**
 * A page of the tenant's events. The cursor stays good as long as the events after it are kept, then AppError EVENTS_GONE is
 * thrown; an empty page answers the one that was given. Without one, a list begins with the oldest event that is kept.
 */
export const listEvents = async (
  db: Sql,
  { cursor, limit, bookingId }: { cursor?: string | undefined; limit: number; bookingId?: string | undefined },
) => {
  const from = cursor === undefined ? BEGINNING : positionOf(cursor);
  const read = cursor === undefined ? readOutbox : readKept;
  const rows = await read(db, from, limit + 1, bookingId);
  const items = rows.slice(0, limit);
  return {
    items: items.map(({ txid: _txid, position: _position, ...event }) => event),
    cursor: cursorOf(items.at(-1) ?? from),
    hasMore: rows.length > limit,
  };
};

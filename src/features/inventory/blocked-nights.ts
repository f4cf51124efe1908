import { sql } from 'kysely';
import type { LocalDate } from '../../kernel/dates.ts';
import type { Sql } from '../../platform/db/database.ts';

/** Nights of a room type in a row from `from` on: how many rooms are blocked on each. */
export interface BlockedNights {
  roomTypeId: string;
  from: LocalDate;
  blocked: readonly number[];
}

/**
 * Opens nights of new room types with the room type's own numbers and these rooms blocked from the start; the caller
 * writes the blocks. A night that is open already, or blocked beyond its rooms, fails the transaction.
 */
export const openBlockedNights = async (db: Sql, spans: readonly BlockedNights[]): Promise<void> => {
  await sql`
    select app.open_blocked_nights(${spans.map(({ roomTypeId }) => roomTypeId)}::uuid[],
      ${spans.map(({ from }) => from)}::date[], ${spans.map(({ blocked }) => `{${blocked.join()}}`)}::text[])`.execute(
    db,
  );
};

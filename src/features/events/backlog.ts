import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import type { Database } from '../../platform/db/database.ts';
import { newScope } from '../../platform/db/scope.ts';
import { taggedEvents } from './cache-tags.ts';
import { orderedCursor, positionOfOrdered } from './ordered-cursor.ts';
import { readVisible } from './visible.ts';

/** More events than that are not worth reading. */
const MOST_EVENTS = 1_000;

/**
 * What a tenant's events after a cursor have changed: the tags, as taggedEvents has them, up to where no older event can come any more, and
 * where the log stood after it was read. Null when there are more than a thousand.
 */
export const readBacklog = async (
  database: Database,
  tenant: string,
  after: string,
): Promise<{ tags: Map<string, string | null>; cursor: string; at: ConsistencyToken } | null> => {
  const scope = newScope(tenant);
  const events = await database.read(scope, 'primary', (db) =>
    readVisible(db, positionOfOrdered(after), MOST_EVENTS + 1),
  );
  const { seen } = scope.versions;
  if (!seen || events.length > MOST_EVENTS) return null;
  const open = events.findIndex(({ isFinal }) => !isFinal);
  const settled = (open < 0 ? events : events.slice(0, open)).at(-1);
  return { tags: taggedEvents(events), cursor: settled ? orderedCursor(settled) : after, at: seen };
};

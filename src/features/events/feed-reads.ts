import { sql } from 'kysely';
import { AppError } from '../../kernel/app-error.ts';
import type { Database, Sql } from '../../platform/db/database.ts';
import { newScope } from '../../platform/db/scope.ts';
import { BEGINNING, cursorOf, hasUnsettled, type OutboxEvent, type OutboxPosition, readOutbox } from './outbox.ts';
import { readKept } from './retention.ts';
import type { LiveEvent } from './subscriber.ts';

export const PAGE = 100;

/** The log's timeline where something was read: a place means nothing on another one. */
export interface OnTimeline {
  timeline: string;
}

/** The statements behind live events, each on the primary. */
export interface FeedReads {
  /** A place that every event which is not final yet comes after. */
  present(tenant: string): Promise<OnTimeline & { place: OutboxPosition }>;
  /** Throws AppError EVENTS_GONE for a place that this database has not come to, such as another one's. */
  assertReached(tenant: string, place: OutboxPosition): Promise<OnTimeline>;
  /** The next events, `PAGE` at most, and whether there are some that are not final yet. */
  next(tenant: string, from: OutboxPosition): Promise<OnTimeline & { events: LiveEvent[]; unsettled: boolean }>;
  /** A page for a reader of its own; throws AppError EVENTS_GONE for a place from which not all is kept. */
  page(tenant: string, from: OutboxPosition, needsOwner: boolean): Promise<OnTimeline & { events: LiveEvent[] }>;
  /** Fills in whose bookings the events are of. */
  addOwners(tenant: string, events: LiveEvent[]): Promise<void>;
}

const notOfThisDatabase = (): AppError =>
  new AppError(
    'not_found',
    'EVENTS_GONE',
    'This id is of other events than these. Read anew, then go on from details.oldest.',
    {
      fields: [{ path: 'lastEventId', message: 'Nothing has come as far as this here.' }],
      details: { oldest: cursorOf(BEGINNING) },
    },
  );

/**
 * For whoever was given events by a primary in whose place another one stands now. Going on from the last id would be wrong, so
 * this is no error that clients pass over by themselves: the new primary may never have had the last of the events, and has then
 * given out their transaction ids anew, so that other events stand before that id unseen. Nobody can tell afterwards.
 */
export const failedOver = (): AppError =>
  new AppError(
    'not_found',
    'EVENTS_GONE',
    'Another database server has taken over, which may not have all that you were told. Read anew, then go on from now or from details.oldest.',
    { details: { oldest: cursorOf(BEGINNING) } },
  );

const live = (event: OutboxEvent): LiveEvent => ({
  ...event,
  ownerId: null,
  bytes: JSON.stringify(event.payload).length + 300,
});

const fillOwners = async (db: Sql, events: LiveEvent[]): Promise<void> => {
  const ids = [...new Set(events.flatMap(({ bookingId }) => bookingId ?? []))];
  if (ids.length === 0) return;
  const { rows } = await sql<{ id: string; userId: string | null }>`
    select id, user_id as "userId" from booking where tenant_id = app.tenant() and id = any(${ids}::uuid[])`.execute(
    db,
  );
  const owners = new Map(rows.map(({ id, userId }) => [id, userId]));
  for (const event of events) event.ownerId = (event.bookingId && owners.get(event.bookingId)) || null;
};

export const createFeedReads = (database: Database): FeedReads => {
  const onPrimary = async <T extends object>(
    tenant: string,
    work: (db: Sql) => Promise<T>,
  ): Promise<T & OnTimeline> => {
    const scope = newScope(tenant);
    const found = await database.read(scope, 'primary', work);
    const { includes, seen } = scope.versions;
    if (!includes || !seen) throw new Error('a read of events that does not know its position');
    if (includes.timeline !== seen.timeline) throw failedOver();
    return { ...found, timeline: seen.timeline };
  };
  return {
    present: (tenant) =>
      onPrimary(tenant, async (db) => {
        const { rows } = await sql<{ txid: string }>`
          select pg_snapshot_xmin(pg_current_snapshot())::text as txid`.execute(db);
        return { place: { txid: rows[0]?.txid ?? '0', position: 0 } };
      }),
    assertReached: (tenant, { txid }) =>
      onPrimary(tenant, async (db) => {
        const { rows } = await sql<{ reached: boolean }>`
          select pg_snapshot_xmax(pg_current_snapshot()) >= ${txid}::xid8 as reached`.execute(db);
        if (!rows[0]?.reached) throw notOfThisDatabase();
        return {};
      }),
    next: (tenant, from) =>
      onPrimary(tenant, async (db) => {
        const events = (await readOutbox(db, from, PAGE)).map(live);
        const unsettled = events.length < PAGE && (await hasUnsettled(db, events.at(-1) ?? from));
        return { events, unsettled };
      }),
    page: (tenant, from, needsOwner) =>
      onPrimary(tenant, async (db) => {
        const events = (await readKept(db, from, PAGE)).map(live);
        if (needsOwner) await fillOwners(db, events);
        return { events };
      }),
    addOwners: (tenant, events) => database.read(newScope(tenant), 'primary', (db) => fillOwners(db, events)),
  };
};

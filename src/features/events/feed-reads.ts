import { sql } from 'kysely';
import { AppError } from '../../kernel/app-error.ts';
import type { Database, Sql } from '../../platform/db/database.ts';
import { newScope } from '../../platform/db/scope.ts';
import { BEGINNING, cursorOf, hasUnsettled, type OutboxEvent, type OutboxPosition, readOutbox } from './outbox.ts';
import { readKept } from './retention.ts';
import type { LiveEvent } from './subscriber.ts';

export const PAGE = 100;

/** The statements behind live events, each on the primary. */
export interface FeedReads {
  /** A place that every event which is not final yet comes after. */
  present(tenant: string): Promise<OutboxPosition>;
  /** Throws AppError EVENTS_GONE for a place that this database has not come to, such as another one's. */
  assertReached(tenant: string, place: OutboxPosition): Promise<void>;
  /** The next events, `PAGE` at most, and whether there are some that are not final yet. */
  next(tenant: string, from: OutboxPosition): Promise<{ events: LiveEvent[]; unsettled: boolean }>;
  /** A page for a reader of its own; throws AppError EVENTS_GONE for a place from which not all is kept. */
  page(tenant: string, from: OutboxPosition, needsOwner: boolean): Promise<LiveEvent[]>;
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
  const onPrimary = <T>(tenant: string, work: (db: Sql) => Promise<T>) =>
    database.read(newScope(tenant), 'primary', work);
  return {
    present: (tenant) =>
      onPrimary(tenant, async (db) => {
        const { rows } = await sql<{ txid: string }>`
          select pg_snapshot_xmin(pg_current_snapshot())::text as txid`.execute(db);
        return { txid: rows[0]?.txid ?? '0', position: 0 };
      }),
    assertReached: (tenant, { txid }) =>
      onPrimary(tenant, async (db) => {
        const { rows } = await sql<{ reached: boolean }>`
          select pg_snapshot_xmax(pg_current_snapshot()) >= ${txid}::xid8 as reached`.execute(db);
        if (!rows[0]?.reached) throw notOfThisDatabase();
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
        return events;
      }),
    addOwners: (tenant, events) => onPrimary(tenant, (db) => fillOwners(db, events)),
  };
};

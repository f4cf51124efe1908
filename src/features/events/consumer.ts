import { sql } from 'kysely';
import type { Database, Sql, Transaction } from '../../platform/db/database.ts';
import { newScope, type Scope } from '../../platform/db/scope.ts';
import { WITHOUT_WAITING } from './commit.ts';
import { hasUnsettled, type OutboxPosition, readOutbox, readTracedOutbox, type TracedEvent } from './outbox.ts';

/** Somebody who is told of every event, in order, at least once, and remembers how far. */
export interface Consumer {
  /** Its position is kept under this name. */
  name: string;
  /** Handles events of one tenant in the transaction that notes them as handled: all of them, or none by throwing. */
  handle(tx: Transaction, events: readonly TracedEvent[]): Promise<void>;
  /** Called once what `handle` has written is committed. */
  onHandled?(tenant: string): void;
}

/** What became of an attempt to tell a tenant's next events. */
export type Told =
  /** There may be more; or there are some that are not final yet; or none. */
  | 'more'
  | 'unsettled'
  | 'done'
  /** Another worker is at it, or the next event is to be left alone for a while. */
  | 'elsewhere';

interface Standing extends OutboxPosition {
  failures: number;
  /** Whether the next event has failed before and is to be left alone still. */
  waits: boolean;
}

/** Locks the consumer's position until the transaction ends; null when another worker has it. */
const lockPosition = async (db: Sql, consumer: string, nowIso: string): Promise<Standing | null> => {
  const read = () =>
    sql<Standing>`
      select txid::text as txid, position, failures, coalesce(retry_at > ${nowIso}::timestamptz, false) as waits,
        ${WITHOUT_WAITING}
      from event_consumer where tenant_id = app.tenant() and name = ${consumer}
      for update skip locked`.execute(db);
  const known = await read();
  if (known.rows[0]) return known.rows[0];
  await sql`insert into event_consumer (name) values (${consumer}) on conflict do nothing`.execute(db);
  return (await read()).rows[0] ?? null;
};

const moveTo = (db: Sql, consumer: string, { txid, position }: OutboxPosition) =>
  sql`
    update event_consumer set txid = ${txid}::xid8, position = ${position}, failures = 0, retry_at = null
    where tenant_id = app.tenant() and name = ${consumer}`.execute(db);

/** Hands the consumer up to `limit` of a tenant's next events. Throws what the consumer throws, with nothing noted. */
export const tellNext = (
  database: Database,
  scope: Scope,
  consumer: Consumer,
  { limit, nowIso }: { limit: number; nowIso: string },
): Promise<Told> =>
  database.transaction(scope, async (tx) => {
    const standing = await lockPosition(tx.sql, consumer.name, nowIso);
    if (!standing || standing.waits) return 'elsewhere';
    const events = await readTracedOutbox(tx.sql, standing, limit);
    const last = events.at(-1);
    if (!last) return (await hasUnsettled(tx.sql, standing)) ? 'unsettled' : 'done';
    await consumer.handle(tx, events);
    await moveTo(tx.sql, consumer.name, last);
    return 'more';
  });

/** After that many failures an event is set aside. */
const MOST_FAILURES = 6;
const FIRST_PAUSE_MS = 250;

/**
 * Notes that the consumer could not handle the tenant's next event: it is left alone for a while, twice as long each time, or set
 * aside with its reason when that was the last time. Answers the id of an event that was set aside.
 */
export const noteFailure = (
  database: Database,
  tenant: string,
  consumer: string,
  reason: string,
  nowMs: number,
): Promise<string | null> =>
  database.transaction(newScope(tenant), async ({ sql: db }) => {
    const nowIso = new Date(nowMs).toISOString();
    const standing = await lockPosition(db, consumer, nowIso);
    const [event] = standing ? await readOutbox(db, standing, 1) : [];
    if (!standing || !event) return null;
    const failures = standing.failures + 1;
    if (failures < MOST_FAILURES) {
      const retryAt = new Date(nowMs + FIRST_PAUSE_MS * 2 ** (failures - 1)).toISOString();
      await sql`
        update event_consumer set failures = ${failures}, retry_at = ${retryAt}
        where tenant_id = app.tenant() and name = ${consumer}`.execute(db);
      return null;
    }
    await sql`
      insert into event_set_aside (consumer, event_id, reason, at)
      values (${consumer}, ${event.id}, ${reason.slice(0, 500)}, ${nowIso})
      on conflict do nothing`.execute(db);
    await moveTo(db, consumer, event);
    return event.id;
  });

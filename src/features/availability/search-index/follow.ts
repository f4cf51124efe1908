import { sql } from 'kysely';
import type { Clock } from '../../../kernel/clock.ts';
import type { ConsistencyToken } from '../../../kernel/consistency-token.ts';
import { daysBetween } from '../../../kernel/dates.ts';
import type { Database } from '../../../platform/db/database.ts';
import { newScope } from '../../../platform/db/scope.ts';
import { moveLogOn, type OutboxPosition, readVisible, type VisibleEvent } from '../../events/index.ts';
import type { IndexContent } from './index-content.ts';
import { NIGHTS } from './night-window.ts';
import { type AskedNights, readNights, readProperties } from './offer-rows.ts';
import { staleRows } from './stale-rows.ts';

/** Where an index stands. */
export interface Standing {
  /** It has all that was committed up to this position. */
  includes: ConsistencyToken;
  /** Nothing in it is newer than this. */
  seen: ConsistencyToken;
}

export interface FollowOptions {
  database: Database;
  clock: Clock;
  tenant: string;
}

const PAGE = 500;
/** Of a statement's room types, all nights together: a few milliseconds' work in either place. */
const NIGHTS_AT_ONCE = 40 * NIGHTS;
const PROPERTIES_AT_ONCE = 10;

/** A place in the outbox that every event which is not yet visible comes after. */
export const presentPlace = (database: Database, tenant: string): Promise<OutboxPosition> =>
  database.read(newScope(tenant), 'primary', async (db) => {
    const { rows } = await sql<{ txid: string }>`
      select pg_snapshot_xmin(pg_current_snapshot())::text as txid`.execute(db);
    return { txid: rows[0]?.txid ?? '0', position: 0 };
  });

/** Reads all offers of some properties into the index, from a copy that has what `asked` says. */
export const putProperties = async (
  { database, clock, tenant }: FollowOptions,
  content: IndexContent,
  propertyIds: readonly string[],
  asked: ConsistencyToken | null,
): Promise<void> => {
  const { first, last } = content.window;
  const reading = { firstNight: first, nowIso: clock.nowIso() };
  const rows = await database.read(newScope(tenant, asked), 'replica', (db) =>
    readProperties(db, propertyIds, last, reading),
  );
  content.putProperties(propertyIds, rows);
};

const putNights = async (
  { database, clock, tenant }: FollowOptions,
  content: IndexContent,
  nights: readonly AskedNights[],
  asked: ConsistencyToken | null,
): Promise<void> => {
  const reading = { firstNight: content.window.first, nowIso: clock.nowIso() };
  const rows = await database.read(newScope(tenant, asked), 'replica', (db) => readNights(db, nights, reading));
  content.putNights(nights, rows);
};

/** Room types in portions of not too many nights. */
const portions = (nights: readonly AskedNights[]): AskedNights[][] => {
  const made: AskedNights[][] = [];
  let count = Number.POSITIVE_INFINITY;
  for (const asked of nights) {
    const own = daysBetween(asked.from, asked.until);
    count += own;
    if (count > NIGHTS_AT_ONCE) {
      made.push([]);
      count = own;
    }
    made.at(-1)?.push(asked);
  }
  return made;
};

/**
 * Keeps an index in step: each look reads the events that have become visible, final or not, then what they say has
 * changed, room types of which a hold has ended, and the further ones that are named. Answers what the index has then. `isQuiet` says
 * that the log may stand still right where somebody was told of a commit.
 */
export const createFollower = (options: FollowOptions, content: IndexContent, from: OutboxPosition) => {
  const { database, clock, tenant } = options;
  let cursor = from;
  /** Events after the cursor that were handled though they are not final. */
  let handled = new Set<string>();

  const readEvents = async () => {
    const scope = newScope(tenant);
    const events: VisibleEvent[] = [];
    for (let at = cursor; ; ) {
      const page = await database.read(scope, 'primary', (db) => readVisible(db, at, PAGE));
      events.push(...page);
      const last = page.at(-1);
      if (!last || page.length < PAGE) break;
      at = { txid: last.txid, position: last.position };
    }
    const { includes, seen } = scope.versions;
    if (!includes || !seen) throw new Error('a read of events that does not know its position');
    return { events, standing: { includes, seen } };
  };

  return async (furtherRoomTypes: readonly string[], isQuiet: boolean): Promise<Standing> => {
    if (isQuiet) await database.read(newScope(tenant), 'primary', moveLogOn);
    const { events, standing } = await readEvents();
    const { first, last } = content.window;
    const fresh = events.filter(({ id }) => !handled.has(id));
    const { propertyIds, nights } = staleRows(fresh, first, last);
    const wholly = new Set([...content.holdEnds.upTo(clock.nowMs()), ...furtherRoomTypes]);
    const stale = [
      ...nights.filter(({ roomTypeId }) => !wholly.has(roomTypeId)),
      ...[...wholly].map((roomTypeId) => ({ roomTypeId, from: first, until: last })),
    ];
    for (let i = 0; i < propertyIds.length; i += PROPERTIES_AT_ONCE) {
      await putProperties(options, content, propertyIds.slice(i, i + PROPERTIES_AT_ONCE), standing.seen);
    }
    for (const portion of portions(stale)) {
      await putNights(options, content, portion, standing.seen);
    }

    const open = events.findIndex(({ isFinal }) => !isFinal);
    const settled = (open < 0 ? events : events.slice(0, open)).at(-1);
    if (settled) cursor = { txid: settled.txid, position: settled.position };
    handled = new Set(open < 0 ? [] : events.slice(open).map(({ id }) => id));
    return standing;
  };
};

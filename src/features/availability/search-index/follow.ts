import type { Clock } from '../../../kernel/clock.ts';
import { type ConsistencyToken, newerToken } from '../../../kernel/consistency-token.ts';
import { daysBetween } from '../../../kernel/dates.ts';
import type { Database } from '../../../platform/db/database.ts';
import { newScope } from '../../../platform/db/scope.ts';
import { moveLogOn, readNewlyVisible, readVisible } from '../../events/index.ts';
import type { IndexContent } from './index-content.ts';
import { NIGHTS } from './night-window.ts';
import { type AskedNights, readNights, readProperties } from './offer-rows.ts';
import { gatherStaleRows } from './stale-rows.ts';

/** Where an index stands after a look. */
export interface Standing {
  /** It has all that was committed up to this position. */
  includes: ConsistencyToken;
  /** Where the log stood when the events were read. */
  stoodAt: ConsistencyToken;
  /** Nothing in it was newer than this. */
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
/** Events that are remembered, so that those read again are passed over; handling one twice does no harm. */
const MOST_HANDLED = 2_000;

/** Of what is read: from a copy that has what `asked` says, with the holds that are live at `nowIso`. */
interface Moment {
  nowIso: string;
  asked: ConsistencyToken | null;
}

/** Reads all offers of some properties into the index. */
export const putProperties = async (
  { database, tenant }: Pick<FollowOptions, 'database' | 'tenant'>,
  content: IndexContent,
  propertyIds: readonly string[],
  { nowIso, asked }: Moment,
): Promise<void> => {
  const { first, last } = content.window;
  const reading = { firstNight: first, nowIso };
  const scope = newScope(tenant, asked);
  const rows = await database.read(scope, 'replica', (db) => readProperties(db, propertyIds, last, reading));
  content.putProperties(propertyIds, rows, scope.versions.seen);
};

const putNights = async (
  { database, tenant }: FollowOptions,
  content: IndexContent,
  nights: readonly AskedNights[],
  { nowIso, asked }: Moment,
): Promise<void> => {
  const reading = { firstNight: content.window.first, nowIso };
  const scope = newScope(tenant, asked);
  const rows = await database.read(scope, 'replica', (db) => readNights(db, nights, reading));
  content.putNights(nights, rows, scope.versions.seen);
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
 * Keeps an index in step: each look reads the events that have become visible since the last one, final or not, then what they
 * say has changed, room types of which a hold has ended, and the further ones that are named. Answers what the index has then.
 * `from` is the moment that the index was built after. `isQuiet` says that the log may stand still right where somebody was told
 * of a commit.
 */
export const createFollower = (options: FollowOptions, content: IndexContent, from: string) => {
  const { database, clock, tenant } = options;
  let since = from;
  const handled = new Set<string>();

  /** Passes on the events of a look, each page as it comes, since there may be many after a long transaction has ended. */
  const readEvents = async (
    onEvent: (event: { id: string; type: string; payload: Record<string, unknown> }) => void,
  ) => {
    const scope = newScope(tenant);
    const { events, moment } = await database.read(scope, 'primary', (db) => readNewlyVisible(db, since, PAGE));
    for (let page = events; ; ) {
      for (const event of page) onEvent(event);
      const last = page.at(-1);
      if (!last || page.length < PAGE) break;
      page = await database.read(scope, 'primary', (db) => readVisible(db, last, PAGE));
    }
    const { includes, seen } = scope.versions;
    if (!includes || !seen) throw new Error('a read of events that does not know its position');
    return { moment, includes, stoodAt: seen };
  };

  return async (furtherRoomTypes: readonly string[], isQuiet: boolean): Promise<Standing> => {
    if (isQuiet) await database.read(newScope(tenant), 'primary', moveLogOn);
    const { first, last } = content.window;
    const gathered = gatherStaleRows(first, last);
    let fresh: string[] = [];
    const {
      moment: readUpTo,
      includes,
      stoodAt,
    } = await readEvents((event) => {
      if (handled.has(event.id)) return;
      gathered.add(event);
      fresh.push(event.id);
      if (fresh.length === 2 * MOST_HANDLED) fresh = fresh.slice(-MOST_HANDLED);
    });
    const { propertyIds, nights } = gathered.rows();
    // One for all of the look: a hold that ends within it is then still live in all reads, and so due at the next.
    const nowIso = clock.nowIso();
    const moment = { nowIso, asked: stoodAt };
    const wholly = new Set([...content.holdEnds.upTo(Date.parse(nowIso)), ...furtherRoomTypes]);
    const stale = [
      ...nights.filter(({ roomTypeId }) => !wholly.has(roomTypeId)),
      ...[...wholly].map((roomTypeId) => ({ roomTypeId, from: first, until: last })),
    ];
    for (let i = 0; i < propertyIds.length; i += PROPERTIES_AT_ONCE) {
      await putProperties(options, content, propertyIds.slice(i, i + PROPERTIES_AT_ONCE), moment);
    }
    for (const portion of portions(stale)) {
      await putNights(options, content, portion, moment);
    }

    since = readUpTo;
    for (const id of fresh) handled.add(id);
    for (const id of handled) {
      if (handled.size <= MOST_HANDLED) break;
      handled.delete(id);
    }
    return { includes, stoodAt, seen: newerToken(stoodAt, content.seen) ?? stoodAt };
  };
};

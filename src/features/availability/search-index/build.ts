import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { addDays } from '../../../kernel/dates.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { newScope } from '../../../platform/db/scope.ts';
import { boundedWork } from '../../../platform/jobs/bounded-work.ts';
import { presentMoment } from '../../events/index.ts';
import { createFollower, type FollowOptions, putProperties } from './follow.ts';
import { IndexContent } from './index-content.ts';

/** Before the UTC date, since some business dates are behind it. */
const DAYS_BACK = 2;

export interface BuiltIndex {
  content: IndexContent;
  look: ReturnType<typeof createFollower>;
  /** Of the log when it was begun; transaction ids mean nothing on another one. */
  timeline: string | undefined;
}

export interface BuildOptions extends FollowOptions {
  signal: AbortSignal;
  /** Whether the tenant may have so many bytes. */
  fits(bytes: number): boolean;
}

/** Portions read between two looks at the size. */
const PORTIONS_A_CHECK = 25;
/** Of a statement: some milliseconds' work in either place. */
const OFFERS_AT_ONCE = 40;
/** The database reads one while another is taken in. */
const PORTIONS_AT_ONCE = 2;

interface ListedProperty {
  id: string;
  offers: number;
}

/** Those of a city stand together, so that a search of it looks at few blocks. */
const listProperties = async (db: Sql): Promise<ListedProperty[]> => {
  const { rows } = await sql<ListedProperty>`
    select p.id, (
        select count(*) from room_type t where t.tenant_id = app.tenant() and t.property_id = p.id
      ) * (select count(*) from rate_plan r where r.tenant_id = app.tenant() and r.property_id = p.id) as offers
    from property p
    where p.tenant_id = app.tenant() and p.active
    order by p.city_key, p.id`.execute(db);
  return rows;
};

/** Properties that have offers, a statement's worth each time, or a single one that has more. */
const portionsOf = (properties: readonly ListedProperty[]): string[][] => {
  const portions: string[][] = [];
  let room = 0;
  for (const { id, offers } of properties) {
    if (offers === 0) continue;
    room -= offers;
    if (room < 0) {
      portions.push([]);
      room = OFFERS_AT_ONCE - offers;
    }
    portions.at(-1)?.push(id);
  }
  return portions;
};

/**
 * Reads all that a tenant sells, a portion of properties after the other, while other work goes on. Null when it is more
 * than the tenant may have. What changes meanwhile is found by the first look.
 */
export const buildIndex = async (options: BuildOptions): Promise<BuiltIndex | null> => {
  const { database, tenant, clock, signal } = options;
  signal.throwIfAborted();
  const scope = newScope(tenant);
  const moment = await database.read(scope, 'primary', presentMoment);
  const timeline = scope.versions.seen?.timeline;
  const properties = await database.read(scope, 'primary', listProperties);
  const content = new IndexContent(addDays(clock.nowIso().slice(0, 10), -DAYS_BACK));
  let isTooLarge = false;
  await boundedWork(PORTIONS_AT_ONCE, async (start) => {
    for (const [number, propertyIds] of portionsOf(properties).entries()) {
      signal.throwIfAborted();
      isTooLarge = number % PORTIONS_A_CHECK === 0 && !options.fits(content.bytes);
      if (isTooLarge) return;
      const asked = scope.versions.seen;
      await start(() => putProperties(options, content, propertyIds, { nowIso: clock.nowIso(), asked }));
      await nextTurn();
    }
  });
  if (isTooLarge || !options.fits(content.bytes)) return null;
  return { content, look: createFollower(options, content, moment), timeline };
};

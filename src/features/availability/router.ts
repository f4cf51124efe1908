import { z } from 'zod';
import { notFound } from '../../kernel/app-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import { arrivalDeparture, currency, id } from '../../kernel/wire.ts';
import type { Database } from '../../platform/db/database.ts';
import { cachedProcedure } from '../../transport/trpc/cached.ts';
import { procedure, router, streamProcedure } from '../../transport/trpc/procedures.ts';
import { type Feed, liveChanges } from '../events/index.ts';
import { calendarTags, searchTags } from './cache.ts';
import { calendar, calendarInput, calendarOutput } from './calendar.ts';
import { availabilityChange, changesInput, propertyOf, toChange, touches } from './changes.ts';
import { checkStays } from './check.ts';
import { obstacle } from './quote.ts';
import { createSearch } from './search.ts';
import type { SearchIndexes } from './search-index/index.ts';
import { partyInput, searchInput, searchOutput } from './search-schemas.ts';

const checkInput = z.strictObject({
  stays: z
    .array(partyInput.extend({ roomTypeId: id, ratePlanId: id, ...arrivalDeparture }))
    .min(1)
    .max(50),
});

const checkOutput = z.strictObject({
  stays: z.array(
    z.strictObject({
      bookable: z.boolean(),
      available: z.int().meta({ description: 'Rooms left on the scarcest night.' }),
      total: z.int().nullable().meta({ description: 'Minor units.' }),
      currency: currency.nullable(),
      obstacles: z.array(obstacle),
    }),
  ),
});

export const createAvailabilityRouter = ({
  database,
  clock,
  feed,
  indexes,
}: {
  database: Database;
  clock: Clock;
  feed: Feed;
  indexes: SearchIndexes | null;
}) => {
  const search = createSearch({ database, clock, indexes });
  return router({
    search: cachedProcedure(
      'availability:read',
      {
        method: 'POST',
        path: '/availability/search',
        summary: 'Properties that can be booked exactly as asked, with their price',
      },
      searchInput,
      searchOutput,
      { type: 'search', tags: searchTags },
    ).query(({ ctx, input }) => search(ctx.scope, input)),

    calendar: cachedProcedure(
      'availability:read',
      {
        method: 'GET',
        path: '/availability/calendar',
        summary: 'Rooms left, price and restrictions, night by night',
      },
      calendarInput,
      calendarOutput,
      { type: 'availability', tags: calendarTags },
    ).query(async ({ ctx, input }) => {
      const nights = await database.read(ctx.scope, 'replica', (db) => calendar(db, input, clock.nowIso()));
      if (!nights) throw notFound('room type with this rate plan', 'roomTypeId');
      return { nights };
    }),

    check: procedure('availability:read', {
      method: 'POST',
      path: '/availability/check',
      summary: 'Whether each of many stays can be booked, each judged alone',
    })
      .input(checkInput)
      .output(checkOutput)
      .query(async ({ ctx, input }) => ({
        stays: await database.read(ctx.scope, 'replica', (db) => checkStays(db, input.stays, clock)),
      })),

    changes: streamProcedure('availability:read', {
      summary: 'Nights whose availability or price may have changed, as it is committed',
      description: 'After a lost connection it goes on behind the last id that you got.',
      item: availabilityChange,
    })
      .input(changesInput)
      .subscription(async ({ ctx, input, signal }) => {
        const { roomTypeId, lastEventId } = input;
        const { tenant } = ctx.principal;
        const propertyId = roomTypeId
          ? await database.read(ctx.scope, 'primary', (db) => propertyOf(db, roomTypeId))
          : input.propertyId;
        return liveChanges(feed, { tenant, wants: touches({ propertyId, roomTypeId }), lastEventId, signal }, toChange);
      }),
  });
};

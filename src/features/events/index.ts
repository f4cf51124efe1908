import { z } from 'zod';
import { id, instant, pageInput } from '../../kernel/wire.ts';
import type { Database } from '../../platform/db/database.ts';
import { procedure, router } from '../../transport/trpc/procedures.ts';
import { EVENT_TYPES } from './catalogue.ts';
import { listEvents } from './queries.ts';

export const event = z
  .strictObject({
    id,
    bookingId: id.nullable(),
    bookingSeq: z.int().nullable().meta({ description: 'Numbered from 1 for each booking, without gaps.' }),
    type: z.string().meta({ description: `One of ${EVENT_TYPES.join(', ')}, and those of later releases.` }),
    version: z.int().meta({ description: 'Of the shape of the payload.' }),
    payload: z.record(z.string(), z.unknown()),
    at: instant,
  })
  .meta({ id: 'Event' });

const eventsPage = z.strictObject({
  items: z.array(event),
  cursor: z.string().meta({ description: 'Send it to get what comes next, now or later.' }),
  hasMore: z.boolean(),
});

export { readBacklog } from './backlog.ts';
export { cacheTags, monthsOf, taggedEvents, tagsOfEvent } from './cache-tags.ts';
export {
  type BookingEventExtra,
  type BookingEventType,
  EVENT_TYPES,
  type EventPayload,
  type EventType,
  eventCatalogue,
  type TenantEventType,
} from './catalogue.ts';
export { WITHOUT_WAITING } from './commit.ts';
export type { Consumer } from './consumer.ts';
export { createDispatcher, type Dispatcher } from './dispatcher.ts';
export { createFeed, type Feed } from './feed.ts';
export { createFollowers } from './followers.ts';
export { liveChanges, onceEach } from './live-changes.ts';
export { presentMoment, readNewlyVisible } from './newly-visible.ts';
export { orderedCursor } from './ordered-cursor.ts';
export { BEGINNING, type OutboxEvent, type OutboxPosition } from './outbox.ts';

export type { LiveEvent } from './subscriber.ts';
export { moveLogOn, readVisible, type VisibleEvent } from './visible.ts';

export const createEvents = ({ database }: { database: Database }) => ({
  router: router({
    list: procedure('events:read', {
      method: 'GET',
      path: '/events',
      summary: 'What was committed, in order, none skipped',
      description:
        'Pages stop below the oldest running transaction, so an event that commits late is never behind your cursor.',
    })
      .input(z.strictObject({ ...pageInput, bookingId: id.optional() }))
      .output(eventsPage)
      // The primary's snapshot: a standby does not know the primary's oldest running transaction.
      .query(({ ctx, input }) => database.read(ctx.scope, 'primary', (db) => listEvents(db, input))),
  }),
});

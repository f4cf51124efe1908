import { AppError, invalid } from '../../kernel/app-error.ts';
import { bookmark, tracked } from '../../transport/trpc/procedures.ts';
import type { Feed, Subscription } from './feed.ts';
import { positionOf } from './outbox.ts';
import type { LiveEvent } from './subscriber.ts';

const FIELD = 'lastEventId';

const positionOfLastId = (lastEventId: string) => {
  try {
    return positionOf(lastEventId);
  } catch {
    throw invalid(FIELD, 'Send the last id that this subscription gave, unchanged, or none.', 'INVALID_CURSOR');
  }
};

const ofThisField = (error: unknown): unknown => {
  if (!(error instanceof AppError) || error.code !== 'EVENTS_GONE') return error;
  const fields = error.fields.map(({ message }) => ({ path: FIELD, message }));
  return new AppError(error.kind, error.code, error.message, {
    fields,
    ...(error.details && { details: error.details }),
  });
};

/**
 * What a subscription yields: each event as `show` puts it, under the cursor to go on from. Throws at once AppError
 * INVALID_CURSOR for a `lastEventId` that is none; the stream throws as the feed does.
 */
export const liveChanges = <T>(
  feed: Feed,
  { lastEventId, ...subscription }: Omit<Subscription, 'after'> & { lastEventId?: string | undefined },
  show: (event: LiveEvent) => T,
) => {
  const after = lastEventId === undefined ? undefined : positionOfLastId(lastEventId);
  return (async function* () {
    try {
      for await (const { cursor, event } of feed.subscribe({ ...subscription, after })) {
        if (event) yield tracked(cursor, show(event));
        else yield bookmark(cursor);
      }
    } catch (error) {
      throw ofThisField(error);
    }
  })();
};

/** The same answer for the same event, so that what is made of it once serves all subscribers. */
export const onceEach = <T extends object>(show: (event: LiveEvent) => T): ((event: LiveEvent) => T) => {
  const shown = new WeakMap<LiveEvent, T>();
  return (event) => {
    const known = shown.get(event) ?? show(event);
    shown.set(event, known);
    return known;
  };
};

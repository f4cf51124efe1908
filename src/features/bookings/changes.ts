import { z } from 'zod';
import type { Principal } from '../../kernel/principal.ts';
import { id } from '../../kernel/wire.ts';
import {
  type BookingEventType,
  EVENT_TYPES,
  type Feed,
  type LiveEvent,
  liveChanges,
  onceEach,
} from '../events/index.ts';

const BOOKING_TYPES = EVENT_TYPES.filter((type): type is BookingEventType => type.startsWith('booking.'));

export const changesInput = z.strictObject({
  propertyId: id.optional(),
  bookingId: id.optional(),
  types: z.array(z.enum(BOOKING_TYPES)).min(1).max(20).optional(),
  lastEventId: z
    .string()
    .max(500)
    .optional()
    .meta({ description: 'The last id that you got: goes on right after it.' }),
});

const shown = onceEach(({ id, bookingId, bookingSeq, type, version, payload, at }: LiveEvent) => ({
  ...{ id, bookingId, bookingSeq, type, version, payload, at },
}));

/** What happens to bookings from now on, or from an id on; a booker's own only. */
export const bookingChanges = (
  feed: Feed,
  { tenant, id: callerId, ownBookingsOnly = false }: Principal,
  input: z.infer<typeof changesInput>,
  signal: AbortSignal | undefined,
) => {
  const { propertyId, bookingId, lastEventId } = input;
  const types = new Set<string>(input.types ?? BOOKING_TYPES);
  const wants = (event: LiveEvent): boolean =>
    types.has(event.type) &&
    (bookingId === undefined || event.bookingId === bookingId) &&
    (propertyId === undefined || event.payload.propertyId === propertyId) &&
    (!ownBookingsOnly || event.ownerId === callerId);
  return liveChanges(feed, { tenant, wants, needsOwner: ownBookingsOnly, lastEventId, signal }, shown);
};

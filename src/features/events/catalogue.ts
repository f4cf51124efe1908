import { z } from 'zod';
import { id, instant, localDate } from '../../kernel/wire.ts';

const state = z.enum(['held', 'confirmed', 'checked_in', 'checked_out', 'expired', 'cancelled', 'no_show']);
const minorUnits = z.int();

/** What every event of a booking tells; as app.booking_facts() makes it. */
const bookingFacts = z.strictObject({
  propertyId: id,
  state,
  arrival: localDate,
  departure: localDate,
  total: minorUnits,
  currency: z.string(),
  lines: z.array(
    z.strictObject({
      id,
      roomTypeId: id,
      ratePlanId: id,
      state,
      arrival: localDate,
      departure: localDate,
      fee: minorUnits,
    }),
  ),
});

const nights = z.array(z.strictObject({ roomTypeIds: z.array(id), from: localDate, until: localDate }));

const event = <Payload extends z.ZodType>(summary: string, payload: Payload) => ({
  version: 1 as const,
  summary,
  payload,
});

/**
 * Every type of event, with the version of its payload's shape. Payloads hold ids and facts, never personal data. A change
 * that a reader could trip over makes a new version; adding an optional field does not.
 */
export const eventCatalogue = {
  'booking.held': event('Nights are held for a booking', bookingFacts.extend({ holdExpiresAt: instant })),
  'booking.confirmed': event('A booking is confirmed', bookingFacts),
  'booking.expired': event('A hold is over and its nights are free again', bookingFacts),
  'booking.cancelled': event(
    'Lines of a booking are cancelled',
    bookingFacts.extend({ reason: z.literal('replaced').optional() }),
  ),
  'booking.checked_in': event('Guests of a booking have arrived', bookingFacts),
  'booking.checked_out': event('Guests of a booking have left', bookingFacts),
  'booking.no_show': event('Guests of a booking did not come', bookingFacts),
  'inventory.changed': event(
    'Rooms on sale changed other than by a booking: capacity or blocks of nights',
    z.strictObject({ propertyId: id, nights }),
  ),
  'rates.changed': event(
    'Prices or restrictions of nights changed',
    z.strictObject({ propertyId: id, ratePlanId: id, nights }),
  ),
  'rate_plan.changed': event('A rate plan was made or changed', z.strictObject({ propertyId: id, ratePlanId: id })),
  'property.changed': event('A property was made or changed', z.strictObject({ propertyId: id })),
  'room_type.changed': event('A room type was made or changed', z.strictObject({ propertyId: id, roomTypeId: id })),
  'access.changed': event(
    'What a user or an API key may do changed, or a session ended',
    z.strictObject({ kind: z.enum(['user', 'session', 'api_key']), id }),
  ),
  'webhook.disabled': event(
    'A webhook endpoint failed for too long and gets nothing more',
    z.strictObject({ endpointId: id }),
  ),
} as const;

export type EventType = keyof typeof eventCatalogue;
export const EVENT_TYPES = Object.keys(eventCatalogue) as [EventType, ...EventType[]];

export type EventPayload<Type extends EventType> = z.infer<(typeof eventCatalogue)[Type]['payload']>;

export type BookingEventType = Extract<EventType, `booking.${string}`>;
export type TenantEventType = Exclude<EventType, BookingEventType>;

/** What the writer of a booking's event adds to its facts. */
export type BookingEventExtra<Type extends BookingEventType> = Omit<
  EventPayload<Type>,
  keyof z.infer<typeof bookingFacts>
>;

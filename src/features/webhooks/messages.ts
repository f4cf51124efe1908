import { z } from 'zod';
import { id, instant } from '../../kernel/wire.ts';
import { EVENT_TYPES, type EventPayload, type EventType, eventCatalogue } from '../events/index.ts';

const messageOf = <Type extends EventType>(type: Type) => {
  const { version, summary, payload } = eventCatalogue[type];
  return {
    type,
    summary,
    body: z.strictObject({
      id: id.meta({ description: 'Also the header webhook-id; the same at each try.' }),
      type: z.literal(type),
      version: z.literal(version),
      timestamp: instant,
      bookingId: id.nullable(),
      bookingSeq: z.int().nullable().meta({ description: 'Numbered from 1 for each booking, without gaps.' }),
      data: payload,
    }),
  };
};

/** Every message that is sent, for the API's document and the client: an event with its payload as `data`. */
export const webhookMessages = EVENT_TYPES.map((type) => messageOf(type));

/** The body of each type of message. */
export type WebhookMessages = {
  [Type in EventType]: Omit<z.infer<ReturnType<typeof messageOf<Type>>['body']>, 'data'> & { data: EventPayload<Type> };
};

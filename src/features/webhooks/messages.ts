import { z } from 'zod';
import { id, instant } from '../../kernel/wire.ts';
import { EVENT_TYPES, type EventPayload, type EventType, eventCatalogue } from '../events/index.ts';

const messageId = id.meta({ description: 'Also the header webhook-id; the same at each try.' });

const messageOf = <Type extends EventType>(type: Type) => {
  const { version, summary, payload } = eventCatalogue[type];
  return {
    type,
    summary,
    body: z.strictObject({
      id: messageId,
      type: z.literal(type),
      version: z.literal(version),
      timestamp: instant,
      bookingId: id.nullable(),
      bookingSeq: z.int().nullable().meta({ description: 'Numbered from 1 for each booking, without gaps.' }),
      data: payload,
    }),
  };
};

/** What `webhooks.test` sends, whatever the endpoint's filter: no event, so `events.list` does not have it. */
const testMessage = {
  type: 'webhook.test' as const,
  summary: 'Somebody tries whether messages reach the endpoint',
  body: z.strictObject({
    id: messageId,
    type: z.literal('webhook.test'),
    version: z.literal(1),
    timestamp: instant,
    bookingId: z.null(),
    bookingSeq: z.null(),
    data: z.strictObject({ endpointId: id }),
  }),
};
export type TestMessage = z.infer<typeof testMessage.body>;

/** Every message that is sent, for the API's document and the client: an event with its payload as `data`, or a test. */
export const webhookMessages = [...EVENT_TYPES.map((type) => messageOf(type)), testMessage];

/** The body of each type of message. */
export type WebhookMessages = {
  [Type in EventType]: Omit<z.infer<ReturnType<typeof messageOf<Type>>['body']>, 'data'> & { data: EventPayload<Type> };
} & { 'webhook.test': TestMessage };

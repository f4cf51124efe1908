import { z } from 'zod';
import { id, instant, pageInput, pageOf } from '../../kernel/wire.ts';
import { idempotencyKey } from '../commands/index.ts';

const attempt = z.strictObject({
  at: instant,
  milliseconds: z.int(),
  status: z.int().nullable().meta({ description: 'Of the answer; null when none came.' }),
  error: z.string().nullable().meta({ description: 'Why none came: DNS_FAILED, CONNECT_FAILED, TIMEOUT, ...' }),
  answer: z.string().meta({ description: 'The start of the answer.' }),
});

export const DELIVERY_STATES = ['pending', 'delivered', 'dead'] as const;

export const delivery = z
  .strictObject({
    id,
    endpointId: id,
    eventId: id.meta({ description: 'Also the webhook-id of the message, the same at each try.' }),
    type: z.string(),
    bookingId: id.nullable(),
    state: z.enum(DELIVERY_STATES).meta({ description: 'dead: given up after the last try.' }),
    nextTryAt: instant
      .nullable()
      .meta({ description: 'Null when it is over, or waits for an earlier one of its booking.' }),
    createdAt: instant,
    finishedAt: instant.nullable(),
    attempts: z.array(attempt),
  })
  .meta({ id: 'WebhookDelivery' });
export type Delivery = z.infer<typeof delivery>;

export const listDeliveriesInput = z.strictObject({
  endpointId: id,
  state: z.enum(DELIVERY_STATES).optional(),
  ...pageInput,
});
export type ListDeliveriesInput = z.infer<typeof listDeliveriesInput>;
export const deliveryPage = pageOf(delivery).meta({ id: 'WebhookDeliveryPage' });

export const replayInput = z
  .strictObject({
    endpointId: id,
    deliveryId: id.optional().meta({ description: 'This one; or else a range.' }),
    from: instant.optional().meta({ description: 'Events from then on, also those from before the endpoint.' }),
    until: instant.optional().meta({ description: 'Events before then.' }),
    idempotencyKey,
  })
  .superRefine(({ deliveryId, from, until }, context) => {
    if (deliveryId !== undefined && (from !== undefined || until !== undefined)) {
      context.addIssue({ code: 'custom', path: ['deliveryId'], message: 'Give a delivery or a range, not both.' });
    }
    if (deliveryId === undefined && (from === undefined || until === undefined || from >= until)) {
      context.addIssue({ code: 'custom', path: ['from'], message: 'Give a range that begins before it ends.' });
    }
  });
export type ReplayInput = z.infer<typeof replayInput>;
export const replayed = z.strictObject({ deliveries: z.int().meta({ description: 'That are pending again.' }) });

export const tested = z.strictObject({ delivered: z.boolean(), attempt }).meta({ id: 'WebhookTest' });

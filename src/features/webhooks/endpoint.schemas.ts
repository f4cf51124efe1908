import { z } from 'zod';
import { id, instant, pageInput, pageOf, text } from '../../kernel/wire.ts';
import { idempotencyKey } from '../commands/index.ts';
import { EVENT_TYPES } from '../events/index.ts';

const url = z
  .string()
  .min(1)
  .max(2_000)
  .meta({
    format: 'uri',
    description: 'https, reachable from the internet, without credentials; redirects are not followed.',
    examples: ['https://example.com/innkeeper'],
  });
const eventTypes = z
  .array(z.enum(EVENT_TYPES, { error: `Not a type of event. There are ${EVENT_TYPES.join(', ')}.` }))
  .min(1, 'Name at least one type, or none at all for all of them.')
  .max(EVENT_TYPES.length)
  .refine((all) => new Set(all).size === all.length, 'Name each type once.')
  .nullable()
  .meta({ description: 'What it is told of; null for everything, also what later releases tell.' });
const description = text(200).nullable();

const fields = {
  id,
  url: z.string(),
  description: z.string().nullable(),
  eventTypes: z.array(z.string()).nullable(),
  active: z.boolean(),
  disabledReason: z.string().nullable().meta({ description: 'Why it was switched off by itself.' }),
  failingSince: instant.nullable().meta({ description: 'Since when nothing has reached it; null when all is well.' }),
  previousSecretUntil: instant.nullable().meta({ description: 'Until when the secret before signs as well.' }),
  createdAt: instant,
  updatedAt: instant,
};
const secret = z.string().nullable().meta({
  description: 'Signs what is sent. It is shown this once: the answer to a retry has null here; then rotate it.',
});

export const endpoint = z.strictObject(fields).meta({ id: 'WebhookEndpoint' });
export type Endpoint = z.infer<typeof endpoint>;

export const endpointWithSecret = z.strictObject({ ...fields, secret }).meta({ id: 'WebhookEndpointWithSecret' });
export type EndpointWithSecret = z.infer<typeof endpointWithSecret>;

export const createEndpointInput = z.strictObject({
  url,
  description: description.optional(),
  eventTypes: eventTypes.optional(),
  idempotencyKey,
});
export type CreateEndpointInput = z.infer<typeof createEndpointInput>;

export const updateEndpointInput = z.strictObject({
  endpointId: id,
  url: url.optional(),
  description: description.optional(),
  eventTypes: eventTypes.optional(),
  active: z.boolean().optional().meta({ description: 'True switches it on again; what is pending is then sent.' }),
  idempotencyKey,
});
export type UpdateEndpointInput = z.infer<typeof updateEndpointInput>;

export const endpointInput = z.strictObject({ endpointId: id });
export const changeEndpointInput = z.strictObject({ endpointId: id, idempotencyKey });
export type ChangeEndpointInput = z.infer<typeof changeEndpointInput>;

export const removedEndpoint = z.strictObject({ endpointId: id });

export const listEndpointsInput = z.strictObject({ ...pageInput });
export type ListEndpointsInput = z.infer<typeof listEndpointsInput>;
export const endpointPage = pageOf(endpoint).meta({ id: 'WebhookEndpointPage' });

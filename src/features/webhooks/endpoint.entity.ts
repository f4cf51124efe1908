import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/db/column-types.ts';

/** Where a tenant's events are sent. The worker's lease and the failures are not mapped: they are the deliverer's. */
export const WebhookEndpointEntity = defineEntity({
  name: 'WebhookEndpoint',
  tableName: 'webhook_endpoint',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    url: p.string(),
    description: p.string().nullable(),
    eventTypes: p.array().nullable(),
    secret: p.blob(),
    previousSecret: p.blob().nullable(),
    previousSecretUntil: instantColumn().nullable(),
    active: p.boolean(),
    disabledReason: p.string().nullable(),
    failingSince: instantColumn().nullable(),
    createdAt: instantColumn(),
    updatedAt: instantColumn(),
    /** Gone for everyone since then. */
    removedAt: instantColumn().nullable(),
  },
});

export type WebhookEndpointRow = InferEntity<typeof WebhookEndpointEntity>;

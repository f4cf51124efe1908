import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/db/column-types.ts';

/** A person who books or stays. The *_key columns are the folded forms that searches compare. */
export const GuestEntity = defineEntity({
  name: 'Guest',
  tableName: 'guest',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    name: p.string(),
    nameKey: p.string(),
    email: p.string().nullable(),
    emailKey: p.string().nullable(),
    phone: p.string().nullable(),
    phoneKey: p.string().nullable(),
    country: p.string().nullable(),
    erasedAt: instantColumn().nullable(),
    createdAt: instantColumn(),
  },
});
export type Guest = InferEntity<typeof GuestEntity>;

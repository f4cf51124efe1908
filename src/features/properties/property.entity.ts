import { defineEntity, p } from '@mikro-orm/core';
import { instantColumn, textArrayColumn } from '../../platform/db/column-types.ts';
import type { TaxRule } from '../rates/index.ts';

export const PropertyEntity = defineEntity({
  name: 'Property',
  tableName: 'property',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    name: p.string(),
    type: p.string(),
    active: p.boolean(),
    timeZone: p.string(),
    currency: p.string(),
    city: p.string(),
    cityKey: p.string(),
    country: p.string().nullable(),
    latitude: p.double().nullable(),
    longitude: p.double().nullable(),
    amenities: textArrayColumn(),
    checkInTime: p.string(),
    checkOutTime: p.string(),
    dayStartsAt: p.string(),
    taxes: p.json<TaxRule[]>(),
    externalRef: p.string().nullable(),
    createdAt: instantColumn(),
  },
});

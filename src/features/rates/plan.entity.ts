import { defineEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/db/column-types.ts';
import type { OccupancyPricing, RatePlanTerms } from './terms.ts';

export const RatePlanEntity = defineEntity({
  name: 'RatePlan',
  tableName: 'rate_plan',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    propertyId: p.uuid(),
    code: p.string(),
    name: p.string(),
    active: p.boolean(),
    includedAdults: p.integer(),
    extraAdult: p.bigint('number'),
    childPrices: p.json<OccupancyPricing['childPrices']>(),
    terms: p.json<RatePlanTerms>(),
    createdAt: instantColumn(),
  },
});

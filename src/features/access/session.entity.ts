import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/db/column-types.ts';

/** One sign-in of a user, kept alive by its refresh tokens. */
export const SessionEntity = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    userId: p.uuid(),
    familyHash: p.blob(),
    refreshHash: p.blob(),
    expiresAt: instantColumn(),
    revokedAt: instantColumn().nullable(),
    createdAt: instantColumn(),
  },
});
export type SessionRow = InferEntity<typeof SessionEntity>;

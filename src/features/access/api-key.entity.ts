import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/db/column-types.ts';
import type { ApiKeyKind } from './key-format.ts';

/** What the database keeps of an API key: never the key. */
export const ApiKeyEntity = defineEntity({
  name: 'ApiKey',
  tableName: 'api_key',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    name: p.string(),
    kind: p.string().$type<ApiKeyKind>(),
    prefix: p.string(),
    secretHash: p.blob(),
    permissions: p.array(),
    expiresAt: instantColumn().nullable(),
    lastUsedAt: instantColumn().nullable(),
    revokedAt: instantColumn().nullable(),
    createdAt: instantColumn(),
  },
});
export type ApiKeyRow = InferEntity<typeof ApiKeyEntity>;

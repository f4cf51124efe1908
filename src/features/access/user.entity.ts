import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Role } from '../../kernel/permissions.ts';
import { instantColumn } from '../../platform/db/column-types.ts';

/** A person who works with a tenant's data. The *_key columns are the folded forms that look-ups compare. */
export const UserEntity = defineEntity({
  name: 'User',
  tableName: 'app_user',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    email: p.string(),
    emailKey: p.string(),
    phone: p.string().nullable(),
    phoneKey: p.string().nullable(),
    name: p.string(),
    role: p.string().$type<Role>(),
    passwordHash: p.string(),
    active: p.boolean(),
    createdAt: instantColumn(),
  },
});
export type UserRow = InferEntity<typeof UserEntity>;

import { LockMode } from '@mikro-orm/core';
import { AppError, notFound } from '../../kernel/app-error.ts';
import type { Caller, Command } from '../commands/index.ts';
import { mustHold, permissionsOfRole } from './grants.ts';
import { UserEntity, type UserRow } from './user.entity.ts';
import type { UpdateUserInput } from './user.schemas.ts';

/** Locks a user whom the caller may govern: one who holds nothing that the caller does not. */
export const lockGoverned = async ({ em, caller }: Command, userId: string): Promise<UserRow> => {
  const { tenant, permissions } = caller.principal;
  const found = await em.findOne(
    UserEntity,
    { id: userId, tenantId: tenant },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (!found) throw notFound('user', 'userId');
  mustHold(permissions, permissionsOfRole(found.role));
  return found;
};

/** Throws AppError OWN_ACCESS when users switch themselves off or change their own role. */
export const refuseOwnAccess = (caller: Caller, row: UserRow, { role, active }: UpdateUserInput): void => {
  if (caller.principal.id !== row.id || (active !== false && (role === undefined || role === row.role))) return;
  throw new AppError(
    'unprocessable',
    'OWN_ACCESS',
    'You cannot take your own access away. Let another user with users:manage do it.',
  );
};

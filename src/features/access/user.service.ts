import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { AppError, notFound } from '../../kernel/app-error.ts';
import { foldEmail, foldPhone } from '../../kernel/folding.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Caller, Commands } from '../commands/index.ts';
import { lockGoverned, refuseOwnAccess } from './governed-user.ts';
import { mustHold, permissionsOfRole } from './grants.ts';
import { hashPassword } from './passwords.ts';
import type { DerivedKeys } from './secrets.ts';
import { endSessionsOf } from './session-ends.ts';
import { UserEntity, type UserRow } from './user.entity.ts';
import { findUser, listUsers } from './user.queries.ts';
import type { CreateUserInput, ListUsersInput, SetPasswordInput, UpdateUserInput, User } from './user.schemas.ts';

const toUser = ({ id, email, name, phone, role, active, createdAt }: UserRow): User => ({
  id,
  email,
  name,
  phone: phone ?? null,
  role,
  active,
  createdAt,
});

/** What audit keeps of a user: what they may do, never who they are. */
const audited = ({ role, active }: UserRow) => ({ role, active });

const emailTaken = (cause: unknown) =>
  new AppError('conflict', 'EMAIL_TAKEN', 'A user with this e-mail exists already. Update that one instead.', {
    fields: [{ path: 'email', message: 'Another user has it.' }],
    cause,
  });

export const createUserService = (deps: {
  database: Database;
  commands: Commands;
  ids: Ids;
  keys: DerivedKeys;
  /** Told when a tenant's users, sessions or keys have changed, or may have. */
  onAccessChanged: (tenant: string) => void;
}) => {
  /**
   * Hashed before a transaction is open. The salt follows from the request, so a retry makes the same hash, which then
   * stands for the password where requests are compared.
   */
  const withHash = async <T extends { password: string; idempotencyKey: string }>(
    caller: Caller,
    whose: string,
    input: T,
  ) => {
    const { password, ...rest } = input;
    const salt = deps.keys.salt(caller.principal.tenant, whose, input.idempotencyKey);
    return { ...rest, passwordHash: await hashPassword(password, salt) };
  };

  return {
    async create(caller: Caller, input: CreateUserInput): Promise<User> {
      mustHold(caller.principal.permissions, permissionsOfRole(input.role));
      const emailKey = foldEmail(input.email);
      const hashed = await withHash(caller, emailKey, input);
      return deps.commands.run(caller, 'users.create', hashed, async (command) => {
        const row = command.em.create(UserEntity, {
          id: deps.ids.uuid(),
          tenantId: caller.principal.tenant,
          email: input.email,
          emailKey,
          phone: input.phone ?? null,
          phoneKey: input.phone === undefined ? null : foldPhone(input.phone),
          name: input.name,
          role: input.role,
          passwordHash: hashed.passwordHash,
          active: true,
          createdAt: command.nowIso,
        });
        command.em.persist(row);
        await command.em.flush().catch((error: unknown) => {
          throw error instanceof UniqueConstraintViolationException ? emailTaken(error) : error;
        });
        command.audit({ entity: 'user', entityId: row.id, after: audited(row) });
        return toUser(row);
      });
    },

    update: (caller: Caller, input: UpdateUserInput): Promise<User> =>
      deps.commands
        .run(caller, 'users.update', input, async (command) => {
          const row = await lockGoverned(command, input.userId);
          if (input.role !== undefined) mustHold(caller.principal.permissions, permissionsOfRole(input.role));
          refuseOwnAccess(caller, row, input);
          const before = audited(row);
          const changed = (['name', 'phone'] as const).filter((field) => input[field] !== undefined);
          if (input.name !== undefined) row.name = input.name;
          if (input.role !== undefined) row.role = input.role;
          if (input.active !== undefined) row.active = input.active;
          if (input.phone !== undefined) {
            row.phone = input.phone;
            row.phoneKey = input.phone === null ? null : foldPhone(input.phone);
          }
          if (!row.active) await endSessionsOf(command, row.id);
          command.announce('access.changed', { kind: 'user', id: row.id });
          command.audit({ entity: 'user', entityId: row.id, before, after: { ...audited(row), changed } });
          return toUser(row);
        })
        .finally(() => deps.onAccessChanged(caller.principal.tenant)),

    async setPassword(caller: Caller, input: SetPasswordInput): Promise<User> {
      const hashed = await withHash(caller, input.userId, input);
      return deps.commands
        .run(caller, 'users.setPassword', hashed, async (command) => {
          const row = await lockGoverned(command, input.userId);
          row.passwordHash = hashed.passwordHash;
          await endSessionsOf(command, row.id);
          command.announce('access.changed', { kind: 'user', id: row.id });
          command.audit({ entity: 'user', entityId: row.id, after: { changed: ['password'] } });
          return toUser(row);
        })
        .finally(() => deps.onAccessChanged(caller.principal.tenant));
    },

    async get(caller: Caller, userId: string): Promise<User> {
      const found = await deps.database.read(caller.scope, 'replica', (db) => findUser(db, userId));
      if (!found) throw notFound('user', 'userId');
      return found;
    },

    list: (caller: Caller, input: ListUsersInput) =>
      deps.database.read(caller.scope, 'replica', (db) => listUsers(db, input)),
  };
};

export type UserService = ReturnType<typeof createUserService>;

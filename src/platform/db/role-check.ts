import type { Sources } from './sources.ts';

/** The connections' role is not held to row-level security. */
export class UnsafeRoleError extends Error {
  override readonly name = 'UnsafeRoleError';
}

interface RoleRow {
  role: string;
  superuser: boolean;
  bypasses: boolean;
  owned: string | null;
}

const ROLE = `
  select rolname as role, rolsuper as superuser, rolbypassrls as bypasses,
    (select min(c.relname) from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and pg_has_role(current_user, c.relowner, 'member')) as owned
  from pg_roles where rolname = current_user`;

const faultOf = ({ superuser, bypasses, owned }: RoleRow): string | null => {
  if (superuser) return 'is a superuser';
  if (bypasses) return 'has BYPASSRLS';
  return owned === null ? null : `owns the table ${owned}, or is a member of the role that does`;
};

/**
 * Throws UnsafeRoleError when the role could see other tenants' rows, and the first database's error when none answers.
 */
export const checkRole = async (sources: Sources): Promise<void> => {
  const answers = sources.ask<RoleRow>(ROLE);
  const [row] = await Promise.any(answers).catch((error: AggregateError) => Promise.reject(error.errors[0]));
  const fault = row && faultOf(row);
  if (!fault) return;
  throw new UnsafeRoleError(
    `The role ${row.role} ${fault}, so that row-level security does not hold it. ` +
      'Set DATABASE_ROLE to a role that innkeeper migrate has made (innkeeper_app unless told otherwise).',
  );
};

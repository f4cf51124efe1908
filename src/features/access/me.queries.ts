import { sql } from 'kysely';
import type { Role } from '../../kernel/permissions.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { Me } from './auth.schemas.ts';

interface Row {
  name: string;
  email: string | null;
  role: Role | null;
  slug: string;
  tenant_name: string;
}

const NAMED = {
  user: (id: string) => sql`select name, email, role from app_user where tenant_id = app.tenant() and id = ${id}`,
  api_key: (id: string) =>
    sql`select name, null as email, null as role from api_key where tenant_id = app.tenant() and id = ${id}`,
  operator: () => sql`select 'Operator' as name, null as email, null as role`,
};

/** The principal by name, in one statement; it has just been authenticated, so it is there. */
export const findMe = async (db: Sql, { kind, id, tenant, permissions }: Principal): Promise<Me> => {
  const found = await sql<Row>`
    select n.name, n.email, n.role, t.slug, t.name as tenant_name
    from (${NAMED[kind](id)}) n cross join tenant t where t.id = app.tenant()`.execute(db);
  const row = found.rows[0];
  if (!row) throw new Error('the principal has no row');
  const { name, email, role } = row;
  return {
    kind,
    id,
    name,
    email,
    role,
    tenant: { id: tenant, slug: row.slug, name: row.tenant_name },
    permissions: [...permissions].sort(),
  };
};

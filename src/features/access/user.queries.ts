import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { foldEmail, foldPhone } from '../../kernel/folding.ts';
import { cappedTotal, TOTAL_CAP } from '../../kernel/totals.ts';
import { decodeCursor, id, toPage } from '../../kernel/wire.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { ListUsersInput, User } from './user.schemas.ts';

const columns = sql`u.id, u.email, u.name, u.phone, u.role, u.active, u.created_at as "createdAt"`;

/** Null when the tenant has no such user. */
export const findUser = async (db: Sql, userId: string): Promise<User | null> => {
  const found = await sql<User>`
    select ${columns} from app_user u where u.tenant_id = app.tenant() and u.id = ${userId}`.execute(db);
  return found.rows[0] ?? null;
};

/** One page, oldest first, in one statement. */
export const listUsers = async (db: Sql, input: ListUsersInput) => {
  const conditions: RawBuilder<unknown>[] = [sql`u.tenant_id = app.tenant()`];
  if (input.email !== undefined) conditions.push(sql`u.email_key = ${foldEmail(input.email)}`);
  if (input.phone !== undefined) conditions.push(sql`u.phone_key = ${foldPhone(input.phone)}`);
  if (input.role !== undefined) conditions.push(sql`u.role = ${input.role}`);
  if (input.active !== undefined) conditions.push(sql`u.active = ${input.active}`);
  const matching = sql.join(conditions, sql` and `);
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor, z.tuple([id]))[0];

  const total = sql`(select count(*) from (select from app_user u where ${matching} limit ${TOTAL_CAP + 1}) m)`;
  const { rows } = await sql<(User & { total: number }) | { id: null; total: number }>`
    select t.total, page.*
    from (select ${input.withTotal ? total : sql`0`} as total) t
    left join (
      select ${columns} from app_user u
      where ${matching} ${after === null ? sql`` : sql`and u.id > ${after}`}
      order by u.id limit ${input.limit + 1}
    ) page on true
    order by page.id`.execute(db);

  const users = rows.flatMap((row): User[] => {
    if (row.id === null) return [];
    const { total: _, ...found } = row;
    return [found];
  });
  const page = toPage(users, input.limit, (row) => [row.id]);
  if (!input.withTotal) return page;
  const matched = rows[0]?.total ?? 0;
  return { ...page, ...cappedTotal(matched) };
};

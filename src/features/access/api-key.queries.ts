import { sql } from 'kysely';
import { z } from 'zod';
import { decodeCursor, id, toPage } from '../../kernel/wire.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { ApiKey, ListApiKeysInput } from './api-key.schemas.ts';

/** One page, oldest first, in one statement. */
export const listApiKeys = async (db: Sql, input: ListApiKeysInput) => {
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor, z.tuple([id]))[0];
  const { rows } = await sql<ApiKey>`
    select id, name, kind, prefix, permissions, expires_at as "expiresAt", last_used_at as "lastUsedAt",
      revoked_at as "revokedAt", created_at as "createdAt"
    from api_key
    where tenant_id = app.tenant() ${after === null ? sql`` : sql`and id > ${after}`}
    order by id limit ${input.limit + 1}`.execute(db);
  return toPage(rows, input.limit, (row) => [row.id]);
};

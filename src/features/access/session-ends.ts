import { sql } from 'kysely';
import type { Command } from '../commands/index.ts';

/** Revokes every session of a user whose row the command has locked, so that none is begun meanwhile. */
export const endSessionsOf = async ({ sql: db, nowIso }: Command, userId: string): Promise<void> => {
  await sql`
    update session set revoked_at = ${nowIso}
    where tenant_id = app.tenant() and user_id = ${userId} and revoked_at is null`.execute(db);
};

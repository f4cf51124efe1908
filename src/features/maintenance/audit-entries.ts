import { sql } from 'kysely';
import { type Bench, BITE, type Bites, bite } from './bites.ts';

/** Deletes the audit entries from before `keptSince`, oldest first. */
export async function* deleteAuditEntries(bench: Bench, keptSince: string): Bites {
  // Each bite begins where the one before ended: what is deleted stays in the index until a vacuum.
  for (let from = '-infinity'; ; ) {
    const { rows } = await bite(bench, (db) =>
      sql<{ deleted: number; last: string | null }>`
        with gone as (
          delete from audit_entry where tenant_id = app.tenant() and ctid = any (array(
            select ctid from audit_entry
            where tenant_id = app.tenant() and at >= ${from}::timestamptz and at < ${keptSince}::timestamptz
            order by at, id limit ${BITE}))
          returning at
        )
        select count(*)::integer as deleted, max(at) as last from gone`.execute(db),
    );
    const [done] = rows;
    yield done?.deleted ?? 0;
    if (!done?.last || done.deleted < BITE) return;
    from = done.last;
  }
}

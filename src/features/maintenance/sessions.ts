import { sql } from 'kysely';
import { type Bench, BITE, type Bites, bite } from './bites.ts';

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

interface Bite {
  deleted: number;
  looked: number;
  last: string | null;
}

/** Deletes the sessions that ran out or were revoked before `endedBefore`, going through all of them by id. */
export async function* deleteSessions(bench: Bench, endedBefore: string): Bites {
  for (let after = FIRST_ID; ; ) {
    const { rows } = await bite(bench, (db) =>
      sql<Bite>`
        with looked as (
          select ctid as row, id from session where tenant_id = app.tenant() and id > ${after} order by id limit ${BITE}
        ), gone as (
          delete from session
          where tenant_id = app.tenant() and ctid = any (array(select row from looked))
            and least(expires_at, revoked_at) < ${endedBefore}::timestamptz
          returning 1
        )
        select (select count(*)::integer from gone) as deleted, (select count(*)::integer from looked) as looked,
          (select id from looked order by id desc limit 1) as last`.execute(db),
    );
    const [done] = rows;
    yield done?.deleted ?? 0;
    if (!done?.last || done.looked < BITE) return;
    after = done.last;
  }
}

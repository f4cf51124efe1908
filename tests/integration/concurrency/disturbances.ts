import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { runChecks } from '../../../src/features/verification/verify-tenant.ts';
import type { TestDatabase } from '../../support/postgres.ts';
import { superuserUrl } from '../../support/superuser.ts';
import { damageIn } from '../../support/verify.ts';

/** Does something again and again, pausing between, until it is stopped; a failure is thrown by `stop`. */
export const again = (pauseMs: number, work: () => Promise<void>): { stop(): Promise<void> } => {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await work();
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();
  running.catch(() => {});
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
};

const CUT = `
  select pg_terminate_backend(pid) from (
    select pid from pg_stat_activity
    where datname = current_database() and application_name like 'innkeeper%'
    order by (state in ('active', 'idle in transaction')) desc, random() limit 2
  ) a`;

/** Cuts two of the application's connections every 50 ms, busy ones first, at most `limit` in all. */
export const cutConnections = async (database: TestDatabase, limit: number) => {
  const client = new pg.Client({ connectionString: superuserUrl(database) });
  await client.connect();
  let cuts = 0;
  const loop = again(50, async () => {
    if (cuts < limit) cuts += (await client.query(CUT)).rowCount ?? 0;
  });
  return {
    async stop(): Promise<number> {
      await loop.stop().finally(() => client.end());
      return cuts;
    },
  };
};

/** Rooms that lines take beyond what there is, reckoned without the ledger's counters. */
const OVERSOLD = `
  select k.room_type_id, k.night, count(*) as taken
  from (
    select room_type_id, arrival + generate_series(0, counted_until - arrival - 1) as night from booking_line
  ) k
  join inventory_night n on n.room_type_id = k.room_type_id and n.night = k.night
  group by k.room_type_id, k.night having count(*) > min(n.physical + n.overbooking)`;

/** Looks, all the time, whether more is sold than there is and whether verify finds anything in a snapshot. */
export const sample = (database: TestDatabase, tenantId: string) => {
  const pool = new pg.Pool({ connectionString: superuserUrl(database), max: 1, application_name: 'sampler' });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const seen = { samples: 0, faults: [] as unknown[] };
  const loop = again(400, () =>
    db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (transaction) => {
        await sql`select set_config('app.tenant', ${tenantId}, true)`.execute(transaction);
        const oversold = await sql.raw(OVERSOLD).execute(transaction);
        const damage = damageIn([await runChecks(transaction)]);
        seen.samples += 1;
        if (oversold.rows.length || Object.keys(damage).length) seen.faults.push({ oversold: oversold.rows, damage });
      }),
  );
  return {
    async stop() {
      await loop.stop().finally(() => db.destroy());
      return seen;
    },
  };
};

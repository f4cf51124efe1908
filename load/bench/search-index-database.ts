import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { compose } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { startEmbedded } from '../../src/embedded/index.ts';
import { search } from '../../src/features/availability/search.ts';
import { createSearchIndexes, searchIndexed } from '../../src/features/availability/search-index/index.ts';
import { type SearchInput, searchInput } from '../../src/features/availability/search-schemas.ts';
import { standingClock } from '../../src/kernel/clock.ts';
import { addDays } from '../../src/kernel/dates.ts';
import { migrationsList } from '../../src/migrations/index.ts';
import { migrateUp } from '../../src/platform/db/migrator.ts';
import { newScope } from '../../src/platform/db/scope.ts';
import { databasePidOf } from './database-pid.ts';
import { quantile } from './load.ts';
import { processorTimeOf } from './processor-time.ts';
import { atMost, figure, type Row } from './row.ts';

// npm run bench -- search-index-database [PROPERTIES]: makes a database of properties (5 000, one room type and plan each, 384
// nights), and tells how long their search index takes to build, how long it keeps the event loop, how a search by it
// compares with one by the statement alone, and when a booking is in it.

const properties = Number(process.argv[2] ?? 5_000);
const FIRST = '2026-02-28';
const NIGHTS = 384;
const SEARCHES = 300;
/** What the bar is about. */
const ASKED = 100_000;

const FILL = [
  `insert into property (id, name, type, time_zone, currency, city, city_key, latitude, longitude, rating, amenities, created_at)
   select app.uuid_v7('2026-03-01Z'), 'Inn ' || n, 'hotel', 'Europe/Lisbon', 'EUR', 'City ' || n % 50, 'city ' || n % 50,
     36 + n % 20, -9 + n % 30, n % 50 / 10.0, array['wifi', 'pool'], '2026-03-01Z' from generate_series(1, $1::integer) n`,
  `insert into room_type (id, property_id, name, max_adults, max_children, max_occupancy, physical_rooms, inventory_until, created_at)
   select app.uuid_v7('2026-03-01Z'), id, 'Double', 4, 4, 4, 1, '2028-03-20', '2026-03-01Z' from property`,
  `insert into rate_plan (id, property_id, code, name, included_adults, extra_adult, terms, created_at)
   select app.uuid_v7('2026-03-01Z'), id, 'FLEX', 'Flexible', 2, 0,
     '{"cancellation": [], "noShow": {"fee": {"kind": "percent", "basisPoints": 0}, "nights": "return"}, "prepayment": {"basisPoints": 0}}',
     '2026-03-01Z' from property`,
  `insert into inventory_night (room_type_id, night, physical, blocked)
   select t.id, $1::date + d, 1, (hashtext(t.id::text || d / 4) % 10 = 0)::integer
   from room_type t, generate_series(0, $2::integer - 1) d order by t.id, d`,
  `insert into rate_night (room_type_id, rate_plan_id, night, price)
   select t.id, p.id, $1::date + d, 5000 + 100 * (abs(hashtext(t.id::text)) % 200 + d % 7)
   from room_type t join rate_plan p on p.property_id = t.property_id, generate_series(0, $2::integer - 1) d order by t.id, d`,
];

export const run = async (): Promise<Row[]> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'innkeeper-search-index-'));
  const servers = await startEmbedded({ dataDir, standby: false, durable: false, log: () => {} });
  try {
    await migrateUp({
      ownerUrl: servers.ownerUrl,
      role: 'innkeeper_app',
      migrations: migrationsList(),
      lockTimeoutMs: 10_000,
    });
    const config = readConfig({
      DATABASE_URL: servers.primaryUrl,
      DATA_KEY: 'data-key-of-the-benchmark-0123456789ab',
      AUTH_SECRET: 'auth-secret-of-the-benchmark-012345678',
      LOG_LEVEL: 'silent',
      SEARCH_INDEX: 'false',
    });
    const clock = standingClock('2026-03-02T12:00:00.000Z');
    const application = await compose(config, { clock });
    const { database, wakeups } = application;
    const { tenantId } = await application.access.bootstrapTenant({ slug: 'bench', name: 'Bench' });
    const owner = new pg.Client({ connectionString: servers.ownerUrl });
    await owner.connect();
    await owner.query(`select set_config('app.tenant', $1, false)`, [tenantId]);
    for (const [i, text] of FILL.entries())
      await owner.query(text, [[properties], [], [], [FIRST, NIGHTS], [FIRST, NIGHTS]][i]);
    await owner.query('vacuum analyze');

    const wish = (i: number): SearchInput => {
      const arrival = addDays('2026-03-05', (i * 37) % 300);
      return searchInput.parse({ arrival, departure: addDays(arrival, 1 + (i % 14)) });
    };
    const nowMs = clock.nowMs();
    const timesOf = async (one: (i: number) => Promise<unknown>): Promise<string> => {
      for (let i = 0; i < 20; i++) await one(i);
      const times: number[] = [];
      const cpu = process.cpuUsage();
      for (let i = 0; i < SEARCHES; i++) {
        const began = performance.now();
        await one(i);
        times.push(performance.now() - began);
      }
      const { user, system } = process.cpuUsage(cpu);
      const own = (user + system) / 1_000 / SEARCHES;
      return `median ${quantile(times, 0.5).toFixed(2)} ms, p95 ${quantile(times, 0.95).toFixed(2)} ms, this process ${own.toFixed(2)} ms CPU`;
    };

    const loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    const databaseTime = () => processorTimeOf(databasePidOf(dataDir), true);
    const perProperty = (ms: number) => `${(ms / properties).toFixed(2)} ms`;
    const databaseBefore = databaseTime();
    const beganAt = performance.now();
    const cpu = process.cpuUsage();
    const indexes = createSearchIndexes({
      ...{ database, clock, wakeups, maxBytes: 1e9, maxLagMs: 1_000 },
      onFault: (error) => console.error(error),
    });
    const index = indexes.of(tenantId);
    if (!index) throw new Error('no index');
    while (!(await index.inStep(null, nowMs))) await delay(5);
    const seconds = (performance.now() - beganAt) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    loop.disable();
    const rows: Row[] = [
      atMost(
        10,
        `the search index of 100 000 properties: built, as ${properties} take it`,
        (seconds * ASKED) / properties,
        `${((seconds * ASKED) / properties).toFixed(0)} s (${seconds.toFixed(1)} s for ${properties}; of the processor, a ` +
          `property takes ${perProperty((user + system) / 1_000)} of this process and ${perProperty(databaseTime() - databaseBefore)} of ` +
          `the database), event loop held for ${(loop.max / 1e6).toFixed(0)} ms at most`,
        '< 10 s',
      ),
      figure(`its memory for ${properties}; search-index has that of 100 000`, `${(index.bytes / 1e6).toFixed(0)} MB`),
    ];

    let answered = 0;
    const byIndex = await timesOf(async (i) => {
      const request = { database, index, scope: newScope(tenantId), nowMs };
      if (await searchIndexed(request, wish(i))) answered += 1;
    });
    rows.push(figure('a search by it, confirmed', `${byIndex} (${answered} of ${SEARCHES + 20} answered)`));
    const bySql = await timesOf((i) =>
      database.read(newScope(tenantId), 'replica', (db) => search(db, wish(i), clock.nowIso())),
    );
    rows.push(figure('the same by the statement alone', bySql));

    const delays: number[] = [];
    for (let i = 0; i < 20; i++) {
      const [hit] = (await searchIndexed({ database, index, scope: newScope(tenantId), nowMs }, wish(i)))?.items ?? [];
      if (!hit) continue;
      const { arrival, departure } = wish(i);
      const nights = [{ roomTypeIds: [hit.roomTypeId], from: arrival, until: departure }];
      await database.transaction(newScope(tenantId), async ({ sql: db }) => {
        await sql`
        update inventory_night set blocked = physical
        where room_type_id = ${hit.roomTypeId} and night >= ${arrival}::date and night < ${departure}::date`.execute(
          db,
        );
        await sql`select app.append_event('inventory.changed', ${JSON.stringify({ propertyId: hit.propertyId, nights })}::jsonb, ${clock.nowIso()})`.execute(
          db,
        );
      });
      wakeups.raise(tenantId);
      const committedAt = performance.now();
      const isIn = async () => {
        const ready = await index.inStep(null, nowMs);
        const first = ready?.content.search(wish(i), nowMs, null, 1)?.candidates[0];
        return first && first.propertyId !== hit.propertyId;
      };
      while (!(await isIn())) await delay(1);
      delays.push(performance.now() - committedAt);
    }
    const p95 = quantile(delays, 0.95);
    const within = `median ${quantile(delays, 0.5).toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`;
    rows.push(atMost(1_000, 'a change is in it', p95, within, 'p95 <= 1 s'));
    await indexes.close();
    await owner.end();
    await application.close();
    return rows;
  } finally {
    await servers.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
};

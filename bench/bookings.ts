import { randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startOwnServer } from '../src/cli/replay/own-server.ts';
import { withApplication } from '../src/cli/with-application.ts';
import { clientOf } from '../tests/support/client.ts';
import { createHotel } from '../tests/support/hotel.ts';
import { asked, stay } from '../tests/support/stays.ts';
import { createBaseline } from './booking-rows.ts';
import { closedLoad, quantile } from './load.ts';
import { openPosts } from './post-load.ts';
import { processorTimeOf } from './processor-time.ts';

// npm run bench -- bookings [ROUNDS] [SECONDS]: bookings made through the API, spread over 1 000 room types and of a single
// one, against one statement that writes all the same rows, sent by as many bare connections; in turns (5 rounds of 3 s).
// Background work, which follows the events, is left to workers that do not run here. Other work on the machine slows the one
// server process more than many database sessions, so look at the processor times too.

const rounds = Number(process.argv[2] ?? 5);
const ms = Number(process.argv[3] ?? 3) * 1_000;
const AT_ONCE = Number(process.argv[4] ?? 32);
const ROOM_TYPES = 1_000;
const DAYS = 60;

await using opened = new AsyncDisposableStack();
const dataDir = await mkdtemp(join(tmpdir(), 'innkeeper-bench-'));
opened.defer(() => rm(dataDir, { recursive: true, force: true }));
const server = await startOwnServer(dataDir, undefined, { DATABASE_POOL_SIZE: '20', JOBS_IN_SERVE: 'false' });
opened.defer(server.stop);
const { ownerUrl, databaseUrl } = await withApplication({ dataDir }, async ({ ownerUrl, config }) => ({
  ownerUrl,
  databaseUrl: config.DATABASE_URL,
}));
const client = clientOf(server.url, server.apiKey);
const today = new Date().toISOString().slice(0, 10);
const inDays = (days: number) => new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
const hotel = await createHotel(client, { physicalRooms: 100_000, from: today });
const sample = await client.bookings.create.mutate(asked(stay(hotel, inDays(1), inDays(3))));

const owner = new pg.Client({ connectionString: ownerUrl });
await owner.connect();
opened.defer(() => owner.end());
const { rows: tenants } = await owner.query<{ id: string }>('select app.tenant_ids() as id');
const tenant = tenants[0]?.id ?? '';
await owner.query("select set_config('app.tenant', $1, false)", [tenant]);
await createBaseline(owner, sample.id);

/** Copies of the hotel's room type, with prices for as many days as are booked. */
const copyRoomTypes = async (): Promise<string[]> => {
  await owner.query(
    `create temporary table copies as select gen_random_uuid() as id from generate_series(1, ${ROOM_TYPES})`,
  );
  const copy = async (table: string, key: string, where: string, changed: Record<string, string>) => {
    const { rows } = await owner.query<{ name: string }>(
      `select attname as name from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
      [table],
    );
    const names = rows.map(({ name }) => name);
    const values = names.map((name) => changed[name] ?? (name === key ? 'copies.id' : `t.${name}`));
    await owner.query(
      `insert into ${table} (${names}) select ${values} from ${table} t, copies where t.${key} = $1 and ${where}`,
      [hotel.roomTypeId],
    );
  };
  await copy('room_type', 'id', 'true', { name: "'Copy ' || copies.id" });
  const booked = `t.night between '${today}' and '${inDays(DAYS)}'`;
  await copy('inventory_night', 'room_type_id', booked, { held: '0', sold: '0' });
  await copy('rate_night', 'room_type_id', booked, {});
  await owner.query('vacuum analyze');
  return (await owner.query<{ id: string }>('select id from copies')).rows.map(({ id }) => id);
};
const roomTypes = await copyRoomTypes();

let made = 0;
const spread = () => ({
  roomTypeId: roomTypes[Math.floor(Math.random() * ROOM_TYPES)] ?? '',
  arrival: inDays(1 + (made++ % (DAYS - 2))),
});
const hot = () => ({ roomTypeId: hotel.roomTypeId, arrival: inDays(1) });

const connections = new pg.Pool({
  connectionString: databaseUrl,
  max: AT_ONCE,
  options: `-c role=innkeeper_app -c app.tenant=${tenant} -c jit=off`,
});
opened.defer(() => connections.end());
const baseline = (name: string, next: typeof hot) => () => {
  const { roomTypeId, arrival } = next();
  return connections.query({ name, text: `select bench.${name}($1, $2)`, values: [roomTypeId, arrival] });
};

const posts = await openPosts(new URL('/trpc/bookings.create', server.url), server.apiKey, AT_ONCE);
opened.defer(posts.close);
const product = (next: typeof hot) => () => {
  const { roomTypeId, arrival } = next();
  const departure = new Date(Date.parse(arrival) + 2 * 86_400_000).toISOString().slice(0, 10);
  const lines = [stay({ roomTypeId, ratePlanId: hotel.ratePlanId }, arrival, departure)];
  return posts.call({ lines, booker: { name: 'Ana Silva' }, idempotencyKey: randomUUID() });
};

const [pidFile = ''] = globSync('**/postmaster.pid', { cwd: dataDir });
const postmaster = Number.parseInt(readFileSync(join(dataDir, pidFile), 'utf8'), 10);

interface Measured {
  rate: number;
  /** Milliseconds of processor time that one booking took. */
  server: number;
  database: number;
}

const measure = async (call: () => Promise<unknown>): Promise<Measured> => {
  const times = () => [processorTimeOf(server.pid ?? 0, false), processorTimeOf(postmaster, true)] as const;
  const before = times();
  let done = 0;
  const rate = await closedLoad(AT_ONCE, ms, async () => {
    await call();
    done += 1;
  });
  const [serverTime, databaseTime] = times();
  return { rate, server: (serverTime - before[0]) / done, database: (databaseTime - before[1]) / done };
};

const CASES = [
  { name: 'spread', next: spread, bound: 0.5 },
  { name: 'hot', next: hot, bound: 2 },
];
const median = (measured: Measured[], of: (one: Measured) => number) => quantile(measured.map(of), 0.5);
for (const { name, next, bound } of CASES) {
  const bare: Measured[] = [];
  const ours: Measured[] = [];
  await closedLoad(AT_ONCE, ms, product(next));
  await closedLoad(AT_ONCE, ms, baseline(name, next));
  // As autovacuum would have within its first minute: plans made for empty tables get slower with every row.
  await owner.query('vacuum analyze');
  for (let round = 1; round <= rounds; round++) {
    bare.push(await measure(baseline(name, next)));
    ours.push(await measure(product(next)));
    const [one, other] = [bare, ours].map((all) => all.at(-1)?.rate.toFixed(0));
    console.log(`${name} ${round}: ${one} a second by one statement, ${other} through the API`);
  }
  const ratios = ours.map(({ rate }, round) => rate / (bare[round]?.rate ?? Number.NaN));
  const cost = (measured: Measured[]) => median(measured, ({ database }) => database).toFixed(2);
  console.log(`${name}: ${quantile(ratios, 0.5).toFixed(2)} x one statement (median; bound: ${bound} at least)`);
  console.log(
    `processor time of a booking: database ${cost(bare)} ms by one statement, ${cost(ours)} ms through the API, ` +
      `where the server takes ${median(ours, (one) => one.server).toFixed(2)} ms\n`,
  );
}

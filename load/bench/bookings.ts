import { randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { withApplication } from '../../src/cli/with-application.ts';
import { addDays } from '../../src/kernel/dates.ts';
import { asked, stay } from '../../tests/support/stays.ts';
import { copyRoomType } from './booking-copies.ts';
import { createBaseline } from './booking-rows.ts';
import { closedLoad, quantile } from './load.ts';
import { openOwnHotel } from './own-hotel.ts';
import { openPosts } from './post-load.ts';
import { processorTimeOf } from './processor-time.ts';
import { atLeast, figure, type Row } from './row.ts';

// npm run bench -- bookings [ROUNDS] [SECONDS]: bookings made through the API, spread over 1 000 room types and of a single
// one, against one statement that writes all the same rows, sent by as many bare connections; in turns (5 rounds of 3 s).
// Background work, which follows the events, is left to workers that do not run here. Other work on the machine slows the one
// server process more than many database sessions, so look at the processor times too.

const rounds = Number(process.argv[2] ?? 5);
const ms = Number(process.argv[3] ?? 3) * 1_000;
const AT_ONCE = Number(process.argv[4] ?? 32);
const ROOM_TYPES = 1_000;
const DAYS = 60;

interface Measured {
  rate: number;
  /** Milliseconds of processor time that one booking took. */
  server: number;
  database: number;
}

interface Asked {
  roomTypeId: string;
  arrival: string;
}

const median = (measured: Measured[], of: (one: Measured) => number) => quantile(measured.map(of), 0.5);

export const run = async (): Promise<Row[]> => {
  await using opened = new AsyncDisposableStack();
  const settings = { DATABASE_POOL_SIZE: '20', JOBS_IN_SERVE: 'false' };
  const { dataDir, server, client, hotel, today, inDays } = await openOwnHotel(opened, 100_000, settings);
  const { ownerUrl, databaseUrl } = await withApplication({ dataDir }, async ({ ownerUrl, config }) => ({
    ownerUrl,
    databaseUrl: config.DATABASE_URL,
  }));
  const sample = await client.bookings.create.mutate(asked(stay(hotel, inDays(1), inDays(3))));

  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  opened.defer(() => owner.end());
  const { rows: tenants } = await owner.query<{ id: string }>('select app.tenant_ids() as id');
  const tenant = tenants[0]?.id ?? '';
  await owner.query("select set_config('app.tenant', $1, false)", [tenant]);
  await createBaseline(owner, sample.id);
  const roomTypes = await copyRoomType(owner, hotel.roomTypeId, ROOM_TYPES, [today, inDays(DAYS)]);

  let made = 0;
  const spread = (): Asked => ({
    roomTypeId: roomTypes[Math.floor(Math.random() * ROOM_TYPES)] ?? '',
    arrival: inDays(1 + (made++ % (DAYS - 2))),
  });
  const hot = (): Asked => ({ roomTypeId: hotel.roomTypeId, arrival: inDays(1) });

  const connections = new pg.Pool({
    connectionString: databaseUrl,
    max: AT_ONCE,
    options: `-c role=innkeeper_app -c app.tenant=${tenant} -c jit=off`,
  });
  opened.defer(() => connections.end());
  const baseline = (name: string, next: () => Asked) => () => {
    const { roomTypeId, arrival } = next();
    return connections.query({ name, text: `select bench.${name}($1, $2)`, values: [roomTypeId, arrival] });
  };
  const posts = await openPosts(new URL('/trpc/bookings.create', server.url), server.apiKey, AT_ONCE);
  opened.defer(posts.close);
  const product = (next: () => Asked) => () => {
    const { roomTypeId, arrival } = next();
    const lines = [stay({ roomTypeId, ratePlanId: hotel.ratePlanId }, arrival, addDays(arrival, 2))];
    return posts.call({ lines, booker: { name: 'Ana Silva' }, idempotencyKey: randomUUID() });
  };

  const [pidFile = ''] = globSync('**/postmaster.pid', { cwd: dataDir });
  const postmaster = Number.parseInt(readFileSync(join(dataDir, pidFile), 'utf8'), 10);
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

  const compare = async (name: string, next: () => Asked, what: string, bound: number): Promise<Row[]> => {
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
    const ratio = quantile(ratios, 0.5);
    const [bareRate, ourRate] = [bare, ours].map((all) => median(all, ({ rate }) => rate).toFixed(0));
    const cost = (measured: Measured[]) => median(measured, ({ database }) => database).toFixed(2);
    const serverCost = median(ours, (one) => one.server).toFixed(2);
    return [
      atLeast(bound, what, ratio, `${ratio.toFixed(2)} x (${ourRate} against ${bareRate} a second)`, `>= ${bound} x`),
      figure(
        'processor time of such a booking',
        `database ${cost(ours)} ms and server ${serverCost} ms; database ${cost(bare)} ms by the statement`,
      ),
    ];
  };
  return [
    ...(await compare(
      'spread',
      spread,
      `bookings spread over 1 000 room types, ${AT_ONCE} clients, against one statement that writes the same rows`,
      0.5,
    )),
    ...(await compare(
      'hot',
      hot,
      `bookings of one room type, ${AT_ONCE} clients, against one statement at a time under an ordered lock`,
      2,
    )),
  ];
};

import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CITIES } from '../../src/features/imports/generation/cities.ts';
import { quantile } from './load.ts';
import { processorTimeOf } from './processor-time.ts';
import { openServer } from './product-server.ts';
import { atMost, figure, type Row } from './row.ts';
import { type Market, openMarket } from './search-market.ts';
import { plainPath, productPath, searchRequests } from './search-requests.ts';
import { openClients } from './varied-load.ts';

// npm run bench -- uncached-search [PROPERTIES] [ROUNDS] [SECONDS] [FOLDER]: searches that no kept answer serves, of Antwerp's 2 870
// listings by plain SQL through bare Express and by the product, and of PROPERTIES generated ones (10 000; 100 000 take 20 GB and
// half an hour to make) by the product; in turns (5 rounds of 3 s). FOLDER keeps the database for the next run. Ratios are of
// processor time, the server's and the database's together.

const properties = Number(process.argv[2] ?? 10_000);
const rounds = Number(process.argv[3] ?? 5);
const ms = Number(process.argv[4] ?? 3) * 1_000;
const folder = process.argv[5];
const CLIENTS = 16;
const REQUESTS = 5_000;
const COMPARED = 300;

const NIGHTS = `
  create table bench.night as
  select t.property_id, i.room_type_id, i.night, i.physical + i.overbooking - i.blocked - i.held - i.sold as free, r.price,
    coalesce(r.min_stay, 1) as min_stay, coalesce(r.max_stay, 999) as max_stay
  from inventory_night i
  join rate_night r using (tenant_id, room_type_id, night)
  join room_type t on t.tenant_id = i.tenant_id and t.id = i.room_type_id
  where i.tenant_id = $TENANT and r.price is not null
  order by i.night, i.room_type_id`;

const makeNights = async ({ admin, antwerp }: Market): Promise<void> => {
  await admin.query('drop schema if exists bench cascade');
  await admin.query('create schema bench');
  await admin.query(NIGHTS.replace('$TENANT', `'${antwerp.tenantId}'`));
  await admin.query(
    'create index on bench.night (night, room_type_id) include (free, price, min_stay, max_stay) with (fillfactor = 100)',
  );
  await admin.query('vacuum analyze bench.night');
};

interface Way {
  name: string;
  clients: ReturnType<typeof openClients>;
  paths: string[];
  pid: number;
  /** Of each round: milliseconds of processor time a request, and all requests' times. */
  server: number[];
  database: number[];
  times: number[];
}

/** One that the index of a tenant answers: it is built once neither process does anything more. */
const warmUp = async ({ clients, paths, pid }: Way, databasePid: number): Promise<void> => {
  await clients.get(paths[0] ?? '/');
  const busy = () => processorTimeOf(pid, false) + processorTimeOf(databasePid, true);
  for (let before = busy(), after = Number.POSITIVE_INFINITY; after - before > 50; ) {
    before = busy();
    await delay(1_000);
    after = busy();
  }
};

const itemsOf = (text: string): [string, number][] => {
  const answer = JSON.parse(text) as { items?: unknown; result?: { data: { items: unknown } } };
  const items = (answer.items ?? answer.result?.data.items) as { propertyId: string; total: number }[];
  return items.map(({ propertyId, total }) => [propertyId, total]);
};

/** How many of the first requests both answer alike. */
const countAlike = async (plain: Way, product: Way): Promise<number> => {
  let alike = 0;
  for (let i = 0; i < COMPARED; i++) {
    const [one, other] = await Promise.all([plain, product].map((way) => way.clients.get(way.paths[i] ?? '/')));
    if (JSON.stringify(itemsOf(one ?? '')) === JSON.stringify(itemsOf(other ?? ''))) alike += 1;
    else console.error(`another answer to ${plain.paths[i]}`);
  }
  return alike;
};

const pin = (pid: number, core: number): void => {
  if (availableParallelism() < 2) return;
  try {
    execFileSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' });
  } catch {
    console.log('not pinned: taskset is missing');
  }
};

const median = (values: readonly number[]) => quantile(values, 0.5);
const inMs = (value: number) => `${value.toFixed(2)} ms`;

export const run = async (): Promise<Row[]> => {
  await using opened = new AsyncDisposableStack();
  const dataDir = folder ?? (await mkdtemp(join(tmpdir(), 'innkeeper-search-')));
  if (!folder) opened.defer(() => rm(dataDir, { recursive: true, force: true }));
  const market = await openMarket(opened, dataDir, properties);
  await makeNights(market);
  const { databasePid, antwerp, europe, settings } = market;
  const server = await openServer(opened, { ...settings, CACHE_MB: '0' });
  const plainServer = fork(fileURLToPath(new URL('plain-search-server.ts', import.meta.url)), [
    market.adminUrl,
    antwerp.tenantId,
  ]);
  opened.defer(() => void plainServer.kill());
  const [plainUrl] = (await once(plainServer, 'message')) as [string];

  const today = new Date().toISOString().slice(0, 10);
  const inAntwerp = searchRequests(['Antwerp'], REQUESTS, today);
  const cities = CITIES.slice(0, properties).map(({ city }) => city);
  const inEurope = searchRequests(cities, REQUESTS, today);
  const wayOf = (name: string, url: string, pid: number, paths: string[], key?: string): Way => {
    const clients = openClients(CLIENTS, url, key === undefined ? {} : { authorization: `Bearer ${key}` });
    opened.defer(clients.close);
    return { name, clients, paths, pid, server: [], database: [], times: [] };
  };
  const plain = wayOf('plain SQL, Antwerp', plainUrl, plainServer.pid ?? 0, inAntwerp.map(plainPath));
  const small = wayOf('product, Antwerp', server.url, server.pid, inAntwerp.map(productPath), antwerp.ownerKey);
  const large = wayOf(`product, ${properties}`, server.url, server.pid, inEurope.map(productPath), europe.ownerKey);
  const ways = [plain, small, large];
  pin(server.pid, 0);
  pin(plainServer.pid ?? 0, 0);
  for (const way of ways) await warmUp(way, databasePid);
  const alike = await countAlike(plain, small);

  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const way of ways) {
      const before = { server: processorTimeOf(way.pid, false), database: processorTimeOf(databasePid, true) };
      const times = await way.clients.load(way.paths, ms);
      if (round === 0) continue;
      way.server.push((processorTimeOf(way.pid, false) - before.server) / times.length);
      way.database.push((processorTimeOf(databasePid, true) - before.database) / times.length);
      way.times.push(...times);
    }
  }
  const costOf = ({ server: own, database }: Way) => own.map((cost, round) => cost + (database[round] ?? Number.NaN));
  const ratio = (way: Way, to: Way) =>
    median(costOf(way).map((cost, round) => cost / (costOf(to)[round] ?? Number.NaN)));
  const told = (way: Way) =>
    `${inMs(median(way.server))} of the server, ${inMs(median(way.database))} of the database; ` +
    `at ${CLIENTS} clients median ${inMs(median(way.times))}, p95 ${inMs(quantile(way.times, 0.95))}`;
  return [
    figure('plain SQL over nights, Antwerp, bare Express: processor time a request', told(plain)),
    atMost(
      0.2,
      'uncached search, Antwerp: processor time of server and database against plain SQL',
      ratio(small, plain),
      `${ratio(small, plain).toFixed(2)} (${told(small)}); ${alike} of ${COMPARED} answers the same`,
    ),
    atMost(
      2,
      `uncached search, ${properties} properties: processor time against Antwerp`,
      ratio(large, small),
      `${ratio(large, small).toFixed(2)} (${told(large)})`,
    ),
    atMost(10, 'its p95 at 16 clients', quantile(large.times, 0.95), inMs(quantile(large.times, 0.95)), '<= 10 ms'),
  ];
};

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../src/embedded/index.ts';
import { quantile } from './load.ts';
import { contend, type Round } from './oversell/contend.ts';
import { openDatabaseWays } from './oversell/database-ways.ts';
import { NIGHTS, ROOMS } from './oversell/demand.ts';
import { type Figures, grouped } from './oversell/figures.ts';
import { openProductWay } from './oversell/product-way.ts';
import { publish } from './oversell/publish.ts';
import { openRedisWay } from './oversell/redis-way.ts';
import type { Way } from './oversell/way.ts';
import { atMost, figure, type Row } from './row.ts';

// npm run bench -- oversell [ROUNDS] [SECONDS]: ways to guard inventory, asked for the same stays by the same number of clients, who all
// want the same room type until it is sold out; in turns (5 rounds of 3 s). All but the product write a stay, two of them a counter
// too; the product makes a booking with guest, event, audit and stored answer. Draws load/oversell.svg, and the table in the README.

const rounds = Number(process.argv[2] ?? 5);
const ms = Number(process.argv[3] ?? 3) * 1_000;
const CLIENTS = 32;

const figuresOf = async ({ name, nightsOversold }: Way, measured: readonly Round[]): Promise<Figures> => {
  const times = measured.flatMap((round) => round.times);
  const retries = measured.reduce((sum, round) => sum + round.retries, 0);
  return {
    name,
    rate: quantile(
      measured.map(({ rate }) => rate),
      0.5,
    ),
    p99Ms: quantile(times, 0.99),
    retries: (retries * 1_000) / times.length,
    nightsOversold: await nightsOversold(),
  };
};

const words = ({ rate, p99Ms, retries, nightsOversold }: Figures): string =>
  `${grouped(nightsOversold)} nights; ${grouped(rate)} requests a second, p99 ${grouped(p99Ms)} ms, ${grouped(retries)} retries per 1 000`;

export const run = async (): Promise<Row[]> => {
  await using opened = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'innkeeper-oversell-'));
  opened.defer(() => rm(dataDir, { recursive: true, force: true }));
  const servers = await startEmbedded({
    ...{ dataDir, standby: false, log: () => {}, settings: { max_connections: '300' } },
  });
  opened.defer(servers.stop);
  const redis = await openRedisWay(opened, servers.adminUrl, CLIENTS);
  const ours = await openProductWay(opened, servers);
  const ways = [...(await openDatabaseWays(opened, servers.adminUrl, CLIENTS)), ...(redis ? [redis] : []), ours];

  const contests = ways.map((way) => {
    let asked = 0;
    return { way, next: () => asked++, booked: 0, measured: [] as Round[] };
  });
  for (let round = 0; round <= rounds; round++) {
    for (const contest of contests) {
      const { way, next, measured } = contest;
      const one = await contend(way, CLIENTS, ms, next);
      contest.booked += one.booked;
      console.log(`round ${round}, ${way.name}: ${grouped(one.rate)} a second`);
      // The first round warms up.
      if (round > 0) measured.push(one);
    }
  }
  const figures: Figures[] = [];
  for (const { way, booked, measured } of contests) {
    const stays = await way.stays();
    if (stays !== booked) throw new Error(`${way.name} told ${booked} of their stay, and stored ${stays}`);
    figures.push(await figuresOf(way, measured));
  }

  const about = `${CLIENTS} clients, stays of 1 to 7 nights in the same ${ROOMS} rooms and ${NIGHTS} nights, until they are sold out`;
  if (process.argv.length === 2) await publish(figures, ours.name, about);
  const rows = figures.map((one) =>
    one.name === ours.name
      ? atMost(0, `nights oversold by ${one.name}`, one.nightsOversold, words(one), 'none')
      : figure(`nights oversold by: ${one.name}`, words(one)),
  );
  return redis ? rows : [...rows, figure('nights oversold by: Redis lock', 'not run: redis-server is not on PATH')];
};

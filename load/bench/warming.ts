import { setTimeout as delay } from 'node:timers/promises';
import { startOwnServer } from '../../src/cli/replay/own-server.ts';
import { seededRandom } from '../../src/features/imports/generation/seeded-random.ts';
import { clientOf } from '../../tests/support/client.ts';
import { openOwnHotel } from './own-hotel.ts';
import { atLeast, type Row } from './row.ts';

// npm run bench -- warming: searches drawn by Zipf's law from 2 000 are asked for five minutes, the server is started again, and asked
// for one minute more: the share answered with what was kept, with warming and without. Nobody remembers what is not asked in three
// different minutes, hence five of them with many searches; the minute that counts has few, since there a cold start shows most.

const LEARNING = { seconds: 300, perSecond: 120 };
const MEASURED = { seconds: 60, perSecond: 10 };
const KEYS = 2_000;
const POINTS = 30;

/** Draws 0, 1, 2, ... with probabilities as 1, 1/2, 1/3, ... */
const zipf = (random: () => number): (() => number) => {
  const weights = Array.from({ length: KEYS }, (_, rank) => 1 / (rank + 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return () => {
    let left = random() * sum;
    const rank = weights.findIndex((weight) => {
      left -= weight;
      return left < 0;
    });
    return rank < 0 ? KEYS - 1 : rank;
  };
};

/** The share of hits among the searches of the first minute after a restart. */
const hitShare = async (warmKeys: string): Promise<number> => {
  await using opened = new AsyncDisposableStack();
  const settings = { WARM_KEYS: warmKeys, WARM_INTERVAL_MS: '5000' };
  const { server, dataDir, inDays } = await openOwnHotel(opened, 5, settings);
  const draw = zipf(seededRandom(1, 7));
  const ask = async (url: string, { seconds, perSecond }: typeof MEASURED): Promise<void> => {
    const client = clientOf(url, server.apiKey);
    const faults: Promise<unknown>[] = [];
    for (let sent = 0; sent < seconds * perSecond; sent++) {
      const rank = draw();
      const [arrival, nights] = [1 + (rank % 300), 1 + Math.floor(rank / 300)];
      const stay = { arrival: inDays(arrival), departure: inDays(arrival + nights) };
      const answer = client.availability.search.query({ city: 'Lisboa', ...stay });
      faults.push(
        answer.then(
          () => null,
          (error: unknown) => error,
        ),
      );
      await delay(1_000 / perSecond);
    }
    const failed = (await Promise.all(faults)).filter((fault) => fault !== null);
    if (failed.length > 0) throw new Error(`${failed.length} searches failed`, { cause: failed[0] });
  };
  await ask(server.url, LEARNING);
  await server.stop();
  const again = await startOwnServer(dataDir, undefined, settings);
  opened.defer(again.stop);
  await ask(again.url, MEASURED);
  const { types } = await clientOf(again.url, again.apiKey).performance.cache.query();
  const { hits = 0, misses = 0 } = types.find(({ type }) => type === 'search') ?? {};
  return hits / (hits + misses);
};

export const run = async (): Promise<Row[]> => {
  const [without, withWarming] = [await hitShare('0'), await hitShare('1000')];
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return [
    atLeast(
      POINTS,
      'hits in the first minute after a restart, with warming',
      100 * (withWarming - without),
      `${percent(withWarming)}; ${percent(without)} without`,
      `>= ${POINTS} points more`,
    ),
  ];
};

import { randomUUID } from 'node:crypto';
import { stay } from '../../tests/support/stays.ts';
import { closedLoad, quantile } from './load.ts';
import { openOwnHotel } from './own-hotel.ts';
import { openPosts } from './post-load.ts';
import { atLeast, type Row } from './row.ts';

// npm run bench -- replay-key [ROUNDS] [SECONDS]: bookings made by 32 clients, then the same requests once more with their keys,
// which are answered from what was stored; in turns (5 rounds of 3 s).

const rounds = Number(process.argv[2] ?? 5);
const ms = Number(process.argv[3] ?? 3) * 1_000;
const AT_ONCE = 32;
const DAYS = 300;

export const run = async (): Promise<Row[]> => {
  await using opened = new AsyncDisposableStack();
  const { server, hotel, inDays } = await openOwnHotel(opened, 100_000, { JOBS_IN_SERVE: 'false' });
  const posts = await openPosts(new URL('/trpc/bookings.create', server.url), server.apiKey, AT_ONCE);
  opened.defer(posts.close);

  const finished: unknown[] = [];
  let made = 0;
  const create = async () => {
    const from = 1 + (made++ % DAYS);
    const lines = [stay(hotel, inDays(from), inDays(from + 2))];
    const request = { lines, booker: { name: 'Ana Silva' }, idempotencyKey: randomUUID() };
    await posts.call(request);
    finished.push(request);
  };
  let replayed = 0;
  const replay = () => posts.call(finished[replayed++ % finished.length]);

  const creates: number[] = [];
  const replays: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const created = await closedLoad(AT_ONCE, ms, create);
    const again = await closedLoad(AT_ONCE, ms, replay);
    // The first round warms up.
    if (round === 0) continue;
    creates.push(created);
    replays.push(again);
    console.log(`round ${round}: ${created.toFixed(0)} creates a second, ${again.toFixed(0)} replays`);
  }
  const ratio = quantile(
    replays.map((rate, round) => rate / (creates[round] ?? Number.NaN)),
    0.5,
  );
  const [created, again] = [creates, replays].map((rates) => quantile(rates, 0.5).toFixed(0));
  return [
    atLeast(
      1,
      'replay of a finished create, against creating',
      ratio,
      `${ratio.toFixed(2)} x (${again} against ${created} a second, ${AT_ONCE} clients)`,
      '>= 1 x',
    ),
  ];
};

import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/embedded/ports.ts';
import { createHotel } from '../../tests/support/hotel.ts';
import { keepAliveLoad } from './keep-alive-load.ts';
import { quantile } from './load.ts';
import { openOwnHotel } from './own-hotel.ts';
import { processorTimeOf } from './processor-time.ts';
import { atLeast, figure, type Row } from './row.ts';

// npm run bench -- cached-search-redis [ROUNDS] [SECONDS]: as cached-search, with no memory tier: each answer comes from a real Redis,
// is proved to be new enough there, unpacked and sent. Once as one search that all ask for, whose look-ups are shared by those who
// come together, and once as a search of its own for each connection, where nothing is shared. The ratio is of the servers' processor
// time for a request, Redis' own not counted, to that of bare Express that sends the same bytes.

const rounds = Number(process.argv[2] ?? 5);
const ms = Number(process.argv[3] ?? 2) * 1_000;
const CONNECTIONS = 32;
const HOTELS = 12;
const BAR = 0.6;

const pin = (pid: number, core: number): void => {
  if (availableParallelism() < 2) return;
  try {
    execFileSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' });
  } catch {
    console.log('not pinned: taskset is missing');
  }
};

const openRedis = async (opened: AsyncDisposableStack): Promise<{ url: string; pid: number }> => {
  const port = await freePort(0);
  const redis = spawn('redis-server', [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ]);
  opened.defer(() => void redis.kill());
  for await (const chunk of redis.stdout) if (String(chunk).includes('eady to accept')) break;
  redis.stdout.resume();
  return { url: `redis://127.0.0.1:${port}/0`, pid: redis.pid ?? 0 };
};

const median = (values: readonly number[]): number => quantile(values, 0.5);

export const run = async (): Promise<Row[]> => {
  await using opened = new AsyncDisposableStack();
  const redis = await openRedis(opened);
  const { server, client, today, inDays } = await openOwnHotel(opened, 10, {
    ...{ JOBS_IN_SERVE: 'false', CACHE_MB: '0', REDIS_URL: redis.url },
  });
  for (let hotel = 1; hotel < HOTELS; hotel++) await createHotel(client, { physicalRooms: 10, from: today });
  const bare = fork(fileURLToPath(new URL('same-bytes-server.ts', import.meta.url)));
  opened.defer(() => void bare.kill());
  const [bareUrl] = await once(bare, 'message');
  const pids = { express: bare.pid ?? 0, product: server.pid ?? 0 };
  for (const pid of Object.values(pids)) pin(pid, 0);
  pin(process.pid, 1);
  pin(redis.pid, 1);

  const pathOf = (connection: number): string =>
    `/trpc/availability.search?input=${encodeURIComponent(
      JSON.stringify({ city: 'Lisboa', arrival: inDays(connection + 3), departure: inDays(connection + 5) }),
    )}`;
  const authorization = `Bearer ${server.apiKey}`;
  const answerOf = async (path: string): Promise<string> => {
    const answer = await fetch(server.url + path, { headers: { authorization } });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.text();
  };
  const hits = async (): Promise<number> => {
    const { types } = await client.performance.cache.query();
    return types.find(({ type }) => type === 'search')?.shared?.hits ?? 0;
  };

  const compare = async (what: string, paths: readonly string[]): Promise<Row[]> => {
    for (let warm = 0; warm < 3; warm++) for (const path of paths) await answerOf(path);
    const bytes = await answerOf(paths[0] ?? '');
    bare.send(bytes);
    await once(bare, 'message');
    const before = await hits();
    let asked = 0;
    const load = async (urls: readonly URL[], headers = ''): Promise<number> => {
      const each = CONNECTIONS / urls.length;
      const done = await Promise.all(urls.map((url) => keepAliveLoad(url, each, ms, headers)));
      return done.reduce((sum, count) => sum + count, 0);
    };
    const ways = {
      express: () => load([new URL('/', bareUrl)]),
      product: () =>
        load(
          paths.map((path) => new URL(server.url + path)),
          `Authorization: ${authorization}\r\n`,
        ),
    };
    const costs = { express: [] as number[], product: [] as number[] };
    for (let round = 0; round <= rounds; round++) {
      for (const name of ['express', 'product'] as const) {
        const spent = processorTimeOf(pids[name], false);
        const done = await ways[name]();
        if (name === 'product') asked += done;
        // The first round warms up.
        if (round > 0) costs[name].push(((processorTimeOf(pids[name], false) - spent) * 1_000) / done);
      }
    }
    const ratio = median(costs.product.map((cost, round) => (costs.express[round] ?? Number.NaN) / cost));
    const lookUps = (await hits()) - before;
    const told =
      `${median(costs.product).toFixed(1)} us a request, Express ${median(costs.express).toFixed(1)} us; ` +
      `${bytes.length} bytes; ${((100 * lookUps) / asked).toFixed(0)} look-ups in Redis for 100 requests`;
    return [atLeast(BAR, `${what}, as a share of bare Express`, ratio, ratio.toFixed(2)), figure(what, told)];
  };

  return [
    ...(await compare('one search from Redis', [pathOf(0)])),
    ...(await compare(
      'a search for each connection from Redis',
      Array.from({ length: CONNECTIONS }, (_, i) => pathOf(i)),
    )),
  ];
};

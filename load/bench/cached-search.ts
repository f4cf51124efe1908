import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createHotel } from '../../tests/support/hotel.ts';
import { keepAliveLoad } from './keep-alive-load.ts';
import { quantile } from './load.ts';
import { openOwnHotel } from './own-hotel.ts';
import { processorTimeOf } from './processor-time.ts';
import { atLeast, figure, type Row } from './row.ts';

// npm run bench -- cached-search [ROUNDS] [SECONDS]: a search whose answer is kept, by the product with everything on (authentication,
// limits, log), by the same process through tRPC's own adapter with the same kept answers, and by bare Express that sends the same
// bytes; then ten searches in one batch. In turns (5 rounds of 2 s), servers on one core and load on the other. The ratios are of
// the servers' processor time for a request.

const rounds = Number(process.argv[2] ?? 5);
const ms = Number(process.argv[3] ?? 2) * 1_000;
const CONNECTIONS = 32;
const HOTELS = 12;
/** Rounds that the first one takes: until then the compiler's threads take as much time as the answers. */
const WARM_UP = 3;

const pin = (pid: number, core: number): void => {
  if (availableParallelism() < 2) return;
  try {
    execFileSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' });
  } catch {
    console.log('not pinned: taskset is missing');
  }
};

interface Way {
  name: string;
  url: URL;
  pid: number;
}

/** How many times as fast it is to be; null where that is only told. */
interface Bounds {
  express: number | null;
  stock: number;
}

export const run = async (): Promise<Row[]> => {
  await using opened = new AsyncDisposableStack();
  const { server, client, today, inDays } = await openOwnHotel(opened, 10, {
    JOBS_IN_SERVE: 'false',
    // Counted against a limit that nobody reaches: without one nothing would be counted.
    RATE_LIMIT_SECRET: '1000000000',
  });
  for (let hotel = 1; hotel < HOTELS; hotel++) await createHotel(client, { physicalRooms: 10, from: today });

  const inputs = Array.from({ length: 10 }, (_, i) => ({
    city: 'Lisboa',
    arrival: inDays(i + 3),
    departure: inDays(i + 5),
  }));
  const inputOf = (input: unknown) => `input=${encodeURIComponent(JSON.stringify(input))}`;
  const single = `/trpc/availability.search?${inputOf(inputs[0])}`;
  const batch = `/trpc/${inputs.map(() => 'availability.search').join()}?batch=1&${inputOf({ ...inputs })}`;
  /** Changes nothing, and is left to tRPC's own adapter. */
  const BY_STOCK = '&connectionParams=null';
  const headers = `Authorization: Bearer ${server.apiKey}\r\n`;
  const answerOf = async (path: string) =>
    Buffer.from(
      await (await fetch(server.url + path, { headers: { authorization: `Bearer ${server.apiKey}` } })).arrayBuffer(),
    );

  const bare = fork(fileURLToPath(new URL('same-bytes-server.ts', import.meta.url)));
  opened.defer(() => void bare.kill());
  const [bareUrl] = await once(bare, 'message');
  pin(process.pid, 1);
  pin(server.pid ?? 0, 0);
  pin(bare.pid ?? 0, 0);

  const compare = async (what: string, path: string, bounds: Bounds): Promise<Row[]> => {
    for (let warm = 0; warm < 3; warm++) await answerOf(path);
    const bytes = await answerOf(path);
    bare.send(bytes.toString());
    await once(bare, 'message');
    const ways: Way[] = [
      { name: 'express', url: new URL('/', bareUrl), pid: bare.pid ?? 0 },
      { name: 'stock', url: new URL(server.url + path + BY_STOCK), pid: server.pid ?? 0 },
      { name: 'product', url: new URL(server.url + path), pid: server.pid ?? 0 },
    ];
    const costs: number[][] = ways.map(() => []);
    const rates: number[][] = ways.map(() => []);
    for (let round = 0; round <= rounds; round++) {
      for (const [index, { url, pid }] of ways.entries()) {
        const before = processorTimeOf(pid, false);
        const startedAt = performance.now();
        const done = await keepAliveLoad(url, CONNECTIONS, round === 0 ? WARM_UP * ms : ms, headers);
        const seconds = (performance.now() - startedAt) / 1_000;
        // The first round warms up.
        if (round === 0) continue;
        costs[index]?.push(((processorTimeOf(pid, false) - before) * 1_000) / done);
        rates[index]?.push(done / seconds);
      }
    }
    const median = (values: readonly number[] | undefined) => quantile(values ?? [], 0.5);
    const ratio = (index: number, as: number) =>
      median(costs[index]?.map((cost, round) => (costs[as]?.[round] ?? Number.NaN) / cost));
    const costOf = (index: number) => `${median(costs[index]).toFixed(1)} us`;
    const rateOf = (index: number) => median(rates[index]).toFixed(0);
    const [express, stock] = [ratio(2, 0), ratio(2, 1)];
    const inWords = `${express.toFixed(2)} x; ${costOf(2)} a request, Express ${costOf(0)}; ${bytes.length} bytes`;
    const overExpress = `${what}, against bare Express sending the same bytes`;
    return [
      bounds.express === null
        ? figure(overExpress, inWords)
        : atLeast(bounds.express, overExpress, express, inWords, `>= ${bounds.express} x`),
      atLeast(
        bounds.stock,
        "the same against tRPC's own adapter with the same kept answers",
        stock,
        `${stock.toFixed(1)} x (${rateOf(2)} against ${rateOf(1)} a second)`,
        `>= ${bounds.stock} x`,
      ),
    ];
  };

  return [
    ...(await compare('a search whose answer is kept, everything on', single, { express: 0.75, stock: 5 })),
    ...(await compare('ten such searches in a batch', batch, { express: null, stock: 3 })),
  ];
};

import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startOwnServer } from '../src/cli/replay/own-server.ts';
import { clientOf } from '../tests/support/client.ts';
import { createHotel } from '../tests/support/hotel.ts';
import { keepAliveLoad } from './keep-alive-load.ts';
import { quantile } from './load.ts';
import { processorTimeOf } from './processor-time.ts';

// npm run bench -- cached-search [ROUNDS] [SECONDS]: a search whose answer is kept, by the product with everything on (authentication,
// limits, log), by the same process through tRPC's own adapter with the same kept answers, and by bare Express that sends the same
// bytes; then ten searches in one batch. In turns (5 rounds of 2 s), servers on one core and load on the other. The ratios are of
// the servers' processor time for a request.

const rounds = Number(process.argv[2] ?? 5);
const ms = Number(process.argv[3] ?? 2) * 1_000;
const CONNECTIONS = 32;
const HOTELS = 12;

const pin = (pid: number, core: number): void => {
  if (availableParallelism() < 2) return;
  try {
    execFileSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' });
  } catch {
    console.log('not pinned: taskset is missing');
  }
};

await using opened = new AsyncDisposableStack();
const dataDir = await mkdtemp(join(tmpdir(), 'innkeeper-bench-'));
opened.defer(() => rm(dataDir, { recursive: true, force: true }));
const server = await startOwnServer(dataDir, undefined, { JOBS_IN_SERVE: 'false' });
opened.defer(server.stop);

const client = clientOf(server.url, server.apiKey);
const today = new Date().toISOString().slice(0, 10);
const inDays = (days: number) => new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
for (let hotel = 0; hotel < HOTELS; hotel++) await createHotel(client, { physicalRooms: 10, from: today });

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

interface Way {
  name: string;
  url: URL;
  pid: number;
}
const compare = async (what: string, path: string): Promise<void> => {
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
      const done = await keepAliveLoad(url, CONNECTIONS, ms, headers);
      const seconds = (performance.now() - startedAt) / 1_000;
      // The first round warms up.
      if (round === 0) continue;
      costs[index]?.push(((processorTimeOf(pid, false) - before) * 1_000) / done);
      rates[index]?.push(done / seconds);
    }
  }
  console.log(`\n${what}, ${bytes.length} bytes, medians of ${rounds} rounds:`);
  const median = (values: readonly number[] | undefined) => quantile(values ?? [], 0.5);
  const ratio = (index: number, as: number) =>
    median(costs[index]?.map((cost, round) => (costs[as]?.[round] ?? Number.NaN) / cost)).toFixed(2);
  for (const [index, { name }] of ways.entries()) {
    console.log(
      `${name.padEnd(8)} ${median(rates[index]).toFixed(0).padStart(6)} requests/s ${median(costs[index]).toFixed(1).padStart(7)} us each: ` +
        `${ratio(index, 0)} x express, ${ratio(index, 1)} x stock`,
    );
  }
};

await compare('one search (bounds: 0.75 x express, 5 x stock)', single);
await compare('ten searches in a batch (bound: 3 x stock)', batch);

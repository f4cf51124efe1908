import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { keepAliveLoad } from './keep-alive-load.ts';
import { quantile } from './load.ts';
import { figure, type Row } from './row.ts';

// npm run bench -- fast-lane [ROUNDS] [SECONDS]: a trivial query of 2 kB by bare Express, tRPC's own adapter, the fast lane
// alone, and the whole HTTP app around it, in turns (5 rounds of 2 s each). Servers on one core, load on another. The
// ratios are of the server's processor time, which other work on the machine does not distort.

const rounds = Number(process.argv[2] ?? 5);
const ms = Number(process.argv[3] ?? 2) * 1_000;
const CONNECTIONS = 32;
const WAYS = ['express', 'stock', 'lane', 'app'] as const;

interface Server {
  process: ChildProcess;
  url: URL;
}

/** True when `pid` runs on `core` alone from now on. */
const pin = (pid: number, core: number): boolean => {
  try {
    execFileSync('taskset', ['-cp', String(core), String(pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const pinned = availableParallelism() > 1 && pin(process.pid, 1);

const start = async (way: string): Promise<Server> => {
  const server = fork(fileURLToPath(new URL('fast-lane-server.ts', import.meta.url)), [way]);
  const [url] = await once(server, 'message');
  if (pinned) pin(server.pid ?? 0, 0);
  return { process: server, url: new URL('/trpc/hotels.list', url) };
};

const processorMicroseconds = async (server: ChildProcess): Promise<number> => {
  server.send('usage');
  const [{ user, system }] = await once(server, 'message');
  return user + system;
};

/** Requests a second, and microseconds of the server's processor time for each. */
const measure = async ({ process: server, url }: Server): Promise<{ rate: number; cost: number }> => {
  const before = await processorMicroseconds(server);
  const startedAt = performance.now();
  const done = await keepAliveLoad(url, CONNECTIONS, ms);
  const seconds = (performance.now() - startedAt) / 1_000;
  return { rate: done / seconds, cost: ((await processorMicroseconds(server)) - before) / done };
};

const TITLES = {
  express: 'bare Express',
  stock: "tRPC's own adapter",
  lane: 'the fast lane alone',
  app: 'the whole HTTP app around it',
};

export const run = async (): Promise<Row[]> => {
  const servers = await Promise.all(WAYS.map(start));
  const results: { rate: number; cost: number }[][] = WAYS.map(() => []);
  try {
    for (const server of servers) await measure(server);
    for (let round = 1; round <= rounds; round++) {
      for (const [index, server] of servers.entries()) results[index]?.push(await measure(server));
      console.log(
        `round ${round}: ${WAYS.map((way, index) => `${way} ${results[index]?.at(-1)?.rate.toFixed(0)}/s`).join(', ')}`,
      );
    }
  } finally {
    for (const server of servers) server.process.kill();
  }

  const median = (way: number, of: (result: { rate: number; cost: number }, round: number) => number): number =>
    quantile((results[way] ?? []).map(of), 0.5);
  const timesAsFast = (way: number, as: number): string =>
    median(way, ({ cost }, round) => (results[as]?.[round]?.cost ?? Number.NaN) / cost).toFixed(2);

  const all = `${CONNECTIONS} connections, ${pinned ? 'servers and load on cores of their own' : 'not pinned'}`;
  return WAYS.map((way, index) => {
    const rate = median(index, (result) => result.rate).toFixed(0);
    const cost = median(index, (result) => result.cost).toFixed(1);
    const against = `${timesAsFast(index, 0)} x express, ${timesAsFast(index, 1)} x stock`;
    return figure(
      `a trivial query of 2 kB by ${TITLES[way]}`,
      `${against}; ${rate} a second, ${cost} us each (${all})`,
    );
  });
};

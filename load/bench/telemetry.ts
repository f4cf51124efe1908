import { execFileSync, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { withApplication } from '../../src/cli/with-application.ts';
import { addDays } from '../../src/kernel/dates.ts';
import { USUAL_RATE } from '../../src/platform/telemetry/tracing/sampling.ts';
import { stay } from '../../tests/support/stays.ts';
import { keepAliveLoad } from './keep-alive-load.ts';
import { closedLoad, quantile } from './load.ts';
import { openOwnHotel } from './own-hotel.ts';
import { openPosts } from './post-load.ts';
import { atMost, figure, type Row } from './row.ts';

// npm run bench -- telemetry [ROUNDS] [SECONDS] [RATE]: what metrics and traces cost a server, in its processor time for a request: a search
// whose answer is kept, and a booking. One server, to which both are switched on and off in turns (40 rounds of 0.5 s each), since two
// processes that do the same differ by more than that; on one core, load, the database and whoever takes the traces on the other. RATE
// is what part of the requests is recorded; the usual one unless given.

const rounds = Number(process.argv[2] ?? 40);
const ms = Number(process.argv[3] ?? 0.5) * 1_000;
const rate = process.argv[4] ?? String(USUAL_RATE);
const CONNECTIONS = 16;
/** Rounds that the first one takes, until all code is compiled. */
const WARM_UP = 6;
const DAYS = 300;

interface Server {
  url: string;
  adminUrl: string;
  /** Switches metrics and traces; answers the microseconds of processor time taken so far. */
  turn(word: 'on' | 'off'): Promise<number>;
}

const pin = (pid: number, core: number): void => {
  if (availableParallelism() < 2) return;
  try {
    execFileSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' });
  } catch {
    console.log('not pinned: taskset is missing');
  }
};

/** Takes traces; answers its address and how many bytes came. */
const openReceiver = async (opened: AsyncDisposableStack) => {
  const received = { bytes: 0, batches: 0 };
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => {
      received.bytes += chunk.length;
    });
    request.on('end', () => {
      received.batches += 1;
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.defer(() => server.closeAllConnections());
  opened.defer(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
};

const openServer = async (opened: AsyncDisposableStack, environment: Record<string, string>): Promise<Server> => {
  const child = fork(fileURLToPath(new URL('telemetry-server.ts', import.meta.url)), {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  opened.defer(() => void child.kill());
  const [told] = await once(child, 'message');
  pin(child.pid ?? 0, 0);
  return {
    ...(told as { url: string; adminUrl: string }),
    async turn(word) {
      child.send(word);
      const [microseconds] = await once(child, 'message');
      return microseconds as number;
    },
  };
};

/** Sends load to a server for so long and answers how many requests it has answered. */
type Load = (server: Server, ms: number) => Promise<number>;

/** Microseconds of processor time a request: without, with, and by how many percent that is more, of the medians. */
const compare = async (server: Server, load: Load) => {
  const costs = { on: [] as number[], off: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    // Each goes first as often as the other.
    for (const word of round % 2 ? (['off', 'on'] as const) : (['on', 'off'] as const)) {
      const before = await server.turn(word);
      const done = await load(server, round === 0 ? WARM_UP * ms : ms);
      const cost = ((await server.turn(word)) - before) / done;
      if (round > 0) costs[word].push(cost);
    }
  }
  const [without, withBoth] = [quantile(costs.off, 0.5), quantile(costs.on, 0.5)];
  return { without, withBoth, percent: (withBoth / without - 1) * 100 };
};

export const run = async (): Promise<Row[]> => {
  await using opened = new AsyncDisposableStack();
  const {
    dataDir,
    server: own,
    hotel,
    today,
    inDays,
  } = await openOwnHotel(opened, 100_000, { JOBS_IN_SERVE: 'false' });
  const config = await withApplication({ dataDir }, async (context) => context.config);
  const environment = {
    ...{ DATABASE_URL: config.DATABASE_URL, DATA_KEY: config.DATA_KEY, AUTH_SECRET: config.AUTH_SECRET },
    RATE_LIMIT_SECRET: '1000000000',
  };
  const receiver = await openReceiver(opened);
  const server = await openServer(opened, {
    ...environment,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_TRACES_SAMPLER_ARG: rate,
  });
  pin(process.pid, 1);

  const input = { city: 'Lisboa', arrival: inDays(3), departure: inDays(5) };
  const path = `/trpc/availability.search?input=${encodeURIComponent(JSON.stringify(input))}`;
  const search: Load = ({ url }, forMs) =>
    keepAliveLoad(new URL(url + path), CONNECTIONS, forMs, `Authorization: Bearer ${own.apiKey}\r\n`);

  let made = 0;
  const book: Load = async ({ url }, forMs) => {
    const posts = await openPosts(new URL('/trpc/bookings.create', url), own.apiKey, CONNECTIONS);
    let done = 0;
    await closedLoad(CONNECTIONS, forMs, async () => {
      const arrival = addDays(today, 1 + (made++ % DAYS));
      const lines = [stay(hotel, arrival, addDays(arrival, 2))];
      await posts.call({ lines, booker: { name: 'Ana Silva' }, idempotencyKey: randomUUID() });
      done += 1;
    });
    posts.close();
    return done;
  };

  const kept = await compare(server, search);
  const booked = await compare(server, book);
  const exposition = await (await fetch(`${server.adminUrl}/metrics`)).text();
  const series = exposition.split('\n').filter((line) => line && !line.startsWith('#')).length;
  const lost = /^innkeeper_trace_spans_dropped_total (\d+)/m.exec(exposition)?.[1];
  const { bytes, batches } = receiver.received;
  const words = ({ without, withBoth, percent }: typeof kept) =>
    `${percent.toFixed(1)} %: ${withBoth.toFixed(1)} us a request against ${without.toFixed(1)}`;
  const part = `metrics, and traces of ${(Number(rate) * 100).toFixed(0)} % of the requests`;
  return [
    atMost(10, `${part}: a search whose answer is kept`, kept.percent, words(kept), '<= 10 %'),
    atMost(5, 'the same: a booking', booked.percent, words(booked), '<= 5 %'),
    atMost(2_999, 'series that a process exposes after that', series, String(series), '< 3 000'),
    figure('traces sent', `${(bytes / 1e6).toFixed(1)} MB in ${batches} batches; ${lost} spans lost`),
  ];
};

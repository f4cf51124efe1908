import { randomUUID } from 'node:crypto';
import { Agent, createServer, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

// Runs in a pod: calls the API as many clients would, each on a connection of its own that it keeps, and tries nothing twice.
// GET /counts tells what came of it, GET /stop lets the clients finish first, GET /pace?ms=100 changes their pauses.

interface Call {
  method: string;
  path: string;
  body?: object;
}

interface Orders {
  host: string;
  port: number;
  apiKey: string;
  readers: number;
  writers: number;
  /** Between two calls of a client. */
  pauseMs: number;
  /** Stops by itself after so many calls; 0 goes on. */
  calls: number;
  hotel: { roomTypeId: string; ratePlanId: string };
  /** What readers ask for, in turns, as procedure and input. */
  reads: { procedure: string; input: object }[];
  /** First night that writers book. */
  from: string;
}

const orders: Orders = JSON.parse(process.env.ORDERS ?? '');

let pauseMs = orders.pauseMs;
let paceChanged = Promise.withResolvers<void>();
let left = orders.calls || Number.POSITIVE_INFINITY;
let stopping = false;
const counts = {
  read: { ok: 0, failed: 0, ms: [] as number[] },
  write: { ok: 0, failed: 0, ms: [] as number[] },
};
const failures: string[] = [];

const call = (agent: Agent, { method, path, body }: Call): Promise<number> =>
  new Promise((resolve, reject) => {
    const text = body && JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${orders.apiKey}`,
      ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    };
    const sent = request({ host: orders.host, port: orders.port, agent, method, path, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        if (status < 400) resolve(status);
        else reject(new Error(`${status} ${Buffer.concat(parts).toString('utf8').slice(0, 200)}`));
      });
    });
    sent.setTimeout(20_000, () => sent.destroy(new Error('no answer within 20 s')));
    sent.on('error', reject);
    sent.end(text);
  });

const plusDays = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);

const readCall = (turn: number): Call => {
  const read = orders.reads[turn % orders.reads.length];
  if (!read) throw new Error('Nothing to read.');
  return { method: 'GET', path: `/trpc/${read.procedure}?input=${encodeURIComponent(JSON.stringify(read.input))}` };
};

const writeCall = (turn: number): Call => {
  const arrival = plusDays(orders.from, turn % 180);
  const line = { ...orders.hotel, arrival, departure: plusDays(arrival, 1), adults: 2 };
  return {
    method: 'POST',
    path: '/trpc/bookings.create',
    body: { lines: [line], booker: { name: 'Ana Silva' }, idempotencyKey: randomUUID() },
  };
};

/** Half as long to half as long again; where the pace changes meanwhile, some part of the new pause from then on. */
const pause = async (): Promise<void> => {
  const over = new AbortController();
  const slept = delay(pauseMs * (0.5 + Math.random()), true, { signal: over.signal }).catch(() => true);
  if (await Promise.race([slept, paceChanged.promise])) return;
  over.abort();
  await delay(pauseMs * Math.random());
};

const changePace = (ms: number): void => {
  pauseMs = ms;
  paceChanged.resolve();
  paceChanged = Promise.withResolvers();
};

const client = async (kind: 'read' | 'write', number: number): Promise<void> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const count = counts[kind];
  for (let turn = number * 31; !stopping && left > 0; turn++) {
    left -= 1;
    const since = performance.now();
    try {
      await call(agent, kind === 'read' ? readCall(turn) : writeCall(turn));
      count.ok += 1;
    } catch (error) {
      count.failed += 1;
      const what = error instanceof Error ? `${error.message} ${'code' in error ? error.code : ''}` : String(error);
      if (failures.length < 20) failures.push(`${new Date().toISOString()} ${kind}: ${what}`);
    }
    count.ms.push(performance.now() - since);
    if (pauseMs > 0) await pause();
  }
  agent.destroy();
};

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;

const told = () => {
  const of = ({ ok, failed, ms }: (typeof counts)['read']) => ({
    ok,
    failed,
    p50: quantile(ms, 0.5),
    p95: quantile(ms, 0.95),
  });
  return JSON.stringify({ read: of(counts.read), write: of(counts.write), failures });
};

const clients = Promise.all([
  ...Array.from({ length: orders.readers }, (_, number) => client('read', number)),
  ...Array.from({ length: orders.writers }, (_, number) => client('write', number)),
]);

createServer(async (incoming, response) => {
  const url = new URL(incoming.url ?? '/', 'http://here');
  if (url.pathname === '/pace') changePace(Number(url.searchParams.get('ms')));
  if (url.pathname === '/stop') stopping = true;
  if (url.pathname === '/stop' || url.pathname === '/end') await clients;
  response.setHeader('content-type', 'application/json').end(told());
}).listen(8080);

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startEmbedded } from '../../src/embedded/index.ts';
import { migrationsList } from '../../src/migrations/index.ts';
import { migrateUp } from '../../src/platform/db/migrator.ts';
import { quantile } from './load.ts';
import { processorTimeOf } from './processor-time.ts';
import { atMost, figure, type Row } from './row.ts';

// npm run bench -- start [ROUNDS]: from starting the process until it says that it is ready and its readiness probe says
// so too, with a database that is there and migrated (median of 5).

const rounds = Number(process.argv[2] ?? 5);
const PROGRAM = fileURLToPath(new URL('../../src/cli/innkeeper.js', import.meta.url));

interface Said {
  msg?: string;
  url?: string;
}

/** Milliseconds from spawn until it says that it is ready and its probe agrees, and those of processor time. */
const startOnce = async (settings: Record<string, string>): Promise<[ms: number, processorMs: number]> => {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0'], {
    env: { ...process.env, LOG_FORMAT: 'json', LOG_LEVEL: 'info', JOBS_IN_SERVE: 'false', ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stderr })) {
      said.push(line);
      const { msg, url } = JSON.parse(line.startsWith('{') ? line : '{}') as Said;
      if (msg !== 'ready' || !url) continue;
      const { status } = await fetch(new URL('/readyz', url));
      if (status !== 200) throw new Error(`ready, but its probe answers ${status}`);
      return [performance.now() - startedAt, processorTimeOf(child.pid ?? 0, false)];
    }
    throw new Error(`the server did not start:\n${said.join('\n')}`);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
};

/** Milliseconds that a process takes which only runs this. */
const loadOnce = async (code: string, settings: Record<string, string>): Promise<number> => {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await new Promise((resolve) => child.once('exit', resolve));
  return performance.now() - startedAt;
};

export const run = async (): Promise<Row[]> => {
  await using opened = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'innkeeper-start-'));
  opened.defer(() => rm(dataDir, { recursive: true, force: true }));
  const servers = await startEmbedded({ dataDir, standby: false, durable: false, log: () => {} });
  opened.defer(servers.stop);
  const { ownerUrl, primaryUrl } = servers;
  await migrateUp({ ownerUrl, role: 'innkeeper_app', migrations: migrationsList(), lockTimeoutMs: 10_000 });
  const settings = {
    NODE_COMPILE_CACHE: join(dataDir, 'compiled'),
    DATABASE_URL: primaryUrl,
    DATA_KEY: 'data-key-of-the-benchmark-0123456789ab',
    AUTH_SECRET: 'auth-secret-of-the-benchmark-012345678',
  };
  const main = new URL('../../src/main.ts', import.meta.url).href;
  const all: number[] = [];
  const processor: number[] = [];
  const loading: number[] = [];
  const bare: number[] = [];
  // The first start finds no compiled code.
  for (let round = 0; round <= rounds; round++) {
    const [ms, processorMs] = await startOnce(settings);
    all.push(ms);
    processor.push(processorMs);
    loading.push(await loadOnce(`await import('${main}'); process.exit()`, settings));
    bare.push(await loadOnce('', settings));
  }
  const [ready = Number.NaN, busy, modules, node] = [all, processor, loading, bare].map((times) =>
    quantile(times.slice(1), 0.5),
  );
  const s = (ms: number | undefined) => `${((ms ?? Number.NaN) / 1_000).toFixed(2)} s`;
  return [
    atMost(
      1_500,
      'start to ready, database present and migrated',
      ready,
      `${s(ready)}, ${s(busy)} of processor time (where no compiled code is kept: ${s(all[0])}, ${s(processor[0])})`,
      '< 1.5 s',
    ),
    figure('of which Node and loading all modules', `${s(modules)}, Node alone ${s(node)}`),
  ];
};

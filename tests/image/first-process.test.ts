import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from '../../src/embedded/ports.ts';
import { testMigrate } from '../support/app.ts';
import { databaseSettings } from '../support/cli-process.ts';
import { createDatabase } from '../support/postgres.ts';
import { type Image, makeImage } from './image.ts';

let folder: string;
let image: Image;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'innkeeper-image-test-'));
  image = await makeImage(folder, 'run');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts what the image starts, as the first process of a namespace, in nothing but the image's files. */
const startAsFirst = (environment: Record<string, string>) => {
  const root = process.getuid?.() === 0;
  const apart = [...(root ? [] : ['--user', '--map-root-user']), '--pid', '--fork', '--kill-child'];
  const [program = '', ...args] = image.config.Entrypoint;
  const child = spawn('unshare', [...apart, 'chroot', image.root, program, ...args, ...image.config.Cmd], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, exited: once(child, 'exit') };
};

/** The process that `unshare` waits for: number one where it lives. */
const firstOf = async (pid: number): Promise<number> =>
  Number((await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim());

test('as the first process it drains on SIGTERM: ready no more, answers still, then ends well', async () => {
  const database = await createDatabase(testMigrate);
  onTestFinished(() => database.drop());
  const port = await freePort(0);
  const settings = { ...databaseSettings(database), PORT: String(port), ADMIN_PORT: '0', DRAIN_DELAY_MS: '2000' };
  const { child, exited } = startAsFirst(settings);
  const url = `http://127.0.0.1:${port}`;
  const statusOf = (path: string) =>
    fetch(url + path).then(
      ({ status }) => status,
      () => null,
    );
  await vi.waitUntil(async () => (await statusOf('/readyz')) === 200, { timeout: 30_000, interval: 100 });

  process.kill(await firstOf(child.pid ?? 0), 'SIGTERM');
  await vi.waitUntil(async () => (await statusOf('/readyz')) === 503, { timeout: 5_000, interval: 50 });
  expect(await statusOf('/livez')).toBe(200);
  const [code] = await exited;
  expect(code).toBe(0);
});

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { compose } from '../../../src/compose.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { clientOf, testConfig, testMigrate } from '../../support/app.ts';
import { databaseSettings, ENTRY, readyUrl, runCli, startCli, startProgram } from '../../support/cli-process.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { lockTable, waitingForLocks } from '../../support/table-lock.ts';

vi.setConfig({ testTimeout: 60_000 });

let database: TestDatabase;
let key: string;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
  const application = await compose(testConfig(database), { clock: systemClock });
  ({ ownerKey: key } = await application.access.bootstrapTenant({ slug: 'serving', name: 'Serving' }));
  await application.close();
});
afterAll(() => database.drop());

const statusOf = async (url: string): Promise<number | string> =>
  fetch(url).then(
    (answer) => answer.status,
    () => 'no connection',
  );

const NOTHING_IS_SLOW = { SLOW_REQUEST_MS: '600000', SLOW_QUERY_MS: '600000' };

/** A change that does not come to its end before the returned lock is lifted; no background work waits for it. */
const changeUnderWay = async (url: string) => {
  const unlock = await lockTable(database.ownerUrl, 'audit_entry');
  const change = clientOf(url, key).apiKeys.create.mutate({
    name: 'Under way',
    permissions: ['properties:read'],
    idempotencyKey: randomUUID(),
  });
  const outcome = change.then(
    (made) => made.name,
    (error: Error) => error.name,
  );
  await expect.poll(() => waitingForLocks(database.ownerUrl), { timeout: 10_000 }).toBe(1);
  return { unlock, outcome };
};

test('a stop first turns the server unready, lets a running request finish, and ends with status 0', async () => {
  const server = startCli(['serve'], { ...databaseSettings(database), DRAIN_DELAY_MS: '1000', ...NOTHING_IS_SLOW });
  const url = await readyUrl(server);
  expect(await statusOf(`${url}/readyz`)).toBe(200);
  const { unlock, outcome } = await changeUnderWay(url);

  server.child.kill('SIGTERM');
  await expect.poll(() => statusOf(`${url}/readyz`), { interval: 20 }).toBe(503);
  await expect.poll(() => statusOf(`${url}/readyz`), { interval: 20, timeout: 10_000 }).toBe('no connection');
  await unlock();
  expect(await outcome).toBe('Under way');
  expect(await server.exited).toBe(0);
  expect(server.stderr).toContain('"reason":"SIGTERM","msg":"stopping"');
  expect(server.stderr).not.toMatch(/"level":"(warn|error)"/);
});

test('a request that outlasts the grace is cut off', async () => {
  const server = startCli(['serve'], { ...databaseSettings(database), SHUTDOWN_GRACE_MS: '100' });
  const url = await readyUrl(server);
  const { unlock, outcome } = await changeUnderWay(url);
  server.child.kill('SIGTERM');
  expect(await outcome).toBe('TRPCClientError');
  await unlock();
  expect(await server.exited).toBe(0);
});

test('a second signal ends the process at once', async () => {
  const server = startCli(['serve'], { ...databaseSettings(database), SHUTDOWN_GRACE_MS: '600000' });
  const url = await readyUrl(server);
  const { outcome } = await changeUnderWay(url);
  server.child.kill('SIGINT');
  await expect.poll(() => statusOf(`${url}/livez`), { interval: 20 }).toBe('no connection');
  const pressAgain = () => {
    server.child.kill('SIGINT');
    return server.child.exitCode;
  };
  await expect.poll(pressAgain, { interval: 400, timeout: 5_000 }).toBe(130);
  expect(await outcome).toBe('TRPCClientError');
});

test('a standing clock stands where it is told to and is moved by clock.advance only', async () => {
  const server = startCli(['serve', '--clock', '2026-03-02T13:00:00+01:00'], databaseSettings(database));
  const { clock } = clientOf(await readyUrl(server), key);
  expect(await clock.get.query()).toEqual({ now: '2026-03-02T12:00:00.000Z' });
  expect(await clock.advance.mutate({ to: '2026-03-05T00:00:00.000Z' })).toEqual({ now: '2026-03-05T00:00:00.000Z' });
  expect(await clock.get.query()).toEqual({ now: '2026-03-05T00:00:00.000Z' });
  await expect(clock.advance.mutate({ to: '2026-03-04T23:59:59.999Z' })).rejects.toThrow(/stands at 2026-03-05/);
});

test('when npm is killed, the server that it started stops by itself', async () => {
  const settings = { ...databaseSettings(database), npm_lifecycle_event: 'start' };
  const shell = startProgram('/bin/sh', ['-c', `"${process.execPath}" "${ENTRY}" serve; exit $?`], settings);
  await readyUrl(shell);
  shell.child.kill('SIGKILL');
  await shell.exited;
  expect(shell.stderr).toContain('"reason":"its launcher ended","msg":"stopping"');
});

test('a port that is taken is named, with what to do, and nothing is left running', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const { status, stderr } = await runCli(['serve', '--port', String(port)], databaseSettings(database));
  expect(status).toBe(1);
  expect(stderr).toContain(
    `Port ${port} on 127.0.0.1 is taken by another program. Choose another with --port or PORT.`,
  );
});

test('a role that row-level security does not hold is refused at the start', async () => {
  const asOwner = { ...databaseSettings(database), DATABASE_URL: database.ownerUrl, DATABASE_REPLICA_URLS: '' };
  const { status, stderr } = await runCli(['serve'], { ...asOwner, DATABASE_ROLE: 'innkeeper_owner' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/The role innkeeper_owner owns the table .* Set DATABASE_ROLE/);
});

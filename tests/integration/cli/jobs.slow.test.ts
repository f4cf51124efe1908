import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createQueue } from '../../../src/platform/jobs/queue.ts';
import { testMigrate } from '../../support/app.ts';
import { databaseSettings, runCli, startCli } from '../../support/cli-process.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';

vi.setConfig({ testTimeout: 60_000 });

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
});
afterAll(() => database.drop());

const jobs = (...args: string[]) => runCli(['jobs', ...args], databaseSettings(database));

/** A job that was tried once and failed, on a queue that tries no more. */
const failForGood = async (name: string): Promise<string> => {
  const queue = createQueue({
    ...{ connection: { connectionString: database.primaryUrl }, role: 'innkeeper_app', poolSize: 1, tends: false },
    onFault: () => {},
  });
  await queue.start();
  await queue.createQueue(name, { retryLimit: 0 });
  await queue.send(name);
  const [job] = await queue.fetch(name);
  if (!job) throw new Error('no job');
  await queue.fail(name, job.id, { message: 'the printer is on fire' });
  await queue.stop({ graceful: false });
  return job.id;
};

test('dead jobs are listed with their reason, and retried by id or all together', async () => {
  const [one, other] = [await failForGood('print-report'), await failForGood('send-report')];
  const listed = await jobs('list');
  expect(listed.stdout).toMatch(/^print-report +0 +0 +1$/m);
  expect(listed.stdout).toMatch(new RegExp(`^${one} +print-report .* 1 +the printer is on fire$`, 'm'));

  expect((await jobs('retry', one)).stdout).toBe('1 back in its queue.\n');
  const left = (await jobs('list')).stdout;
  expect([left.includes(one), left.includes(other)]).toEqual([false, true]);
  expect((await jobs('retry')).stdout).toBe('1 back in its queue.\n');
  const after = (await jobs('list')).stdout;
  expect(after).toMatch(/^print-report +1 +0 +0$/m);
  expect(after).not.toContain('DEAD JOB');
});

test('a job is made to begin now by the name of its queue; another name is a wrong call', async () => {
  await failForGood('nightly');
  const { status, stdout } = await jobs('run', 'nightly');
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'nightly begins as soon as a worker is free.\n' });
  expect((await jobs('list')).stdout).toMatch(/^nightly +1 +0 +1$/m);
  expect(await jobs('run', 'no such queue')).toMatchObject({ status: 2, stderr: expect.stringContaining('jobs list') });
});

test('an id that no dead job has is a wrong call', async () => {
  const { status, stderr } = await jobs('retry', '019c0000-0000-7000-8000-000000000000');
  expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('innkeeper jobs list') });
});

test('a worker says that it works, and ends with status 0 when it is told to stop', async () => {
  const worker = startCli(['worker'], databaseSettings(database));
  await worker.printed(/"msg":"working"/);
  expect(await worker.end('SIGTERM')).toBe(0);
  expect(worker.stderr).not.toMatch(/"level":"(warn|error)"/);
});

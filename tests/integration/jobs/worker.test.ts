import { type PgBoss, TestClock } from 'pg-boss';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { listDeadJobs, retryDeadJobs } from '../../../src/platform/jobs/dead-jobs.ts';
import { createQueue } from '../../../src/platform/jobs/queue.ts';
import { runNow } from '../../../src/platform/jobs/run-now.ts';
import type { Task } from '../../../src/platform/jobs/task.ts';
import { startWorker } from '../../../src/platform/jobs/worker.ts';
import { NOON, testMigrate } from '../../support/app.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';

const MINUTE_MS = 60_000;

let database: TestDatabase;
let clock: TestClock;
let faults: string[];
let ended: { task: string; ok: boolean }[];
beforeEach(async () => {
  database = await createDatabase(testMigrate);
  clock = new TestClock(NOON);
  faults = [];
  ended = [];
  onTestFinished(() => database.drop());
});

const newQueue = (): PgBoss =>
  createQueue({
    // As the owner, since the test's clock puts a function of its own into the queue's schema.
    ...{
      connection: { connectionString: database.ownerUrl },
      role: 'innkeeper_owner',
      poolSize: 4,
      clock,
      tends: true,
    },
    onFault: (error) => faults.push(String(error)),
  });

const start = async (...tasks: Task[]) => {
  const queue = newQueue();
  const worker = await startWorker(queue, tasks, {
    onJobFault: (task, error) => faults.push(`${task}: ${String(error)}`),
    onJob: (task, _milliseconds, ok) => ended.push({ task, ok }),
  });
  onTestFinished(() => worker.stop(1_000));
  return { queue, worker };
};

/** Lets `ms` pass in steps in which pollers see each other's work. */
const pass = async (ms: number): Promise<void> => {
  for (let passed = 0; passed < ms; passed += 1_000) await clock.tick(1_000);
};

test('a task is run once an interval, one at a time, whatever the number of workers', async () => {
  let running = 0;
  const starts: number[] = [];
  const task: Task = {
    name: 'count',
    schedule: { everyMs: 5_000 },
    run: async () => {
      expect(++running).toBe(1);
      starts.push(clock.now());
      await Promise.resolve();
      running--;
    },
  };
  await start(task);
  await start(task);
  await pass(31_000);
  const gaps = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5_000);
  expect(starts.length).toBeGreaterThanOrEqual(5);
  expect(faults).toEqual([]);
});

test('of workers that start together one begins the chain, also while the first run is about to put the next one in the queue', async () => {
  const starts: number[] = [];
  const task: Task = { name: 'chain', schedule: { everyMs: 5_000 }, run: async () => starts.push(clock.now()) };
  const slow = newQueue();
  const { send } = slow;
  const held = Promise.withResolvers<void>();
  let sent = 0;
  slow.send = async (...job: [never]) => {
    if (++sent === 2) await held.promise;
    return send.call(slow, ...job);
  };
  const worker = await startWorker(slow, [task], {
    onJobFault: (_, error) => faults.push(String(error)),
    onJob: () => {},
  });
  onTestFinished(() => worker.stop(1_000));
  await pass(1_000);
  expect(sent).toBe(2);
  await start(task);
  await pass(1_000);
  held.resolve();
  await pass(12_000);
  const gaps = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
  expect(gaps.length).toBeGreaterThanOrEqual(1);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5_000);
  expect(faults).toEqual([]);
});

test('a run that fails is reported, and the next one comes all the same', async () => {
  let runs = 0;
  const run = async () => {
    runs++;
    throw new Error('out of order');
  };
  const { queue } = await start({ name: 'fragile', schedule: { everyMs: 2_000 }, run });
  await pass(10_000);
  expect(runs).toBeGreaterThanOrEqual(3);
  expect(new Set(faults)).toEqual(new Set(['fragile: Error: out of order']));
  expect(ended).toHaveLength(runs);
  expect(ended).not.toContainEqual({ task: 'fragile', ok: true });
  expect(await listDeadJobs(queue, 10)).toEqual([]);
});

test('a scheduled job that keeps failing is tried later and later, then kept as dead, and can be retried', async () => {
  let works = false;
  const tried: number[] = [];
  const run = async () => {
    tried.push(clock.now());
    if (!works) throw new Error('the printer is on fire');
  };
  const { queue } = await start({ name: 'report', schedule: { cron: '0 0 1 1 *' }, run });
  await queue.send('report');
  for (let tries = 1; tries <= 9; tries++) {
    await pass(2_000);
    expect(tried).toHaveLength(tries);
    await clock.setTime(clock.now() + 15 * MINUTE_MS);
  }
  const dead = await listDeadJobs(queue, 10);
  expect(dead).toMatchObject([{ queue: 'report', attempts: 9, reason: 'the printer is on fire' }]);
  await pass(2_000);
  expect(tried).toHaveLength(9);

  works = true;
  expect(await retryDeadJobs(queue, dead)).toBe(1);
  await pass(2_000);
  expect(tried).toHaveLength(10);
  expect(await listDeadJobs(queue, 10)).toEqual([]);
});

test('a worker that stops gives back what it has not finished, and another one takes it up', async () => {
  let begun = 0;
  const untilStopped: Task = {
    name: 'long',
    schedule: { cron: '0 0 1 1 *' },
    run: (signal) => {
      begun++;
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  };
  const { queue, worker } = await start(untilStopped);
  await queue.send('long');
  await pass(1_000);
  expect(begun).toBe(1);
  await worker.stop(1_000);

  let finished = 0;
  await start({ ...untilStopped, run: async () => finished++ });
  await pass(10_000);
  expect(finished).toBe(1);
  expect(faults).toEqual([]);
});

test('a job whose worker vanished is taken up by another within a minute', async () => {
  const vanishing = newQueue();
  await vanishing.start();
  onTestFinished(() => vanishing.stop({ graceful: false }));
  let finished = 0;
  const { queue, worker } = await start({
    name: 'haunted',
    schedule: { cron: '0 0 1 1 *' },
    run: async () => finished++,
  });
  await queue.offWork('haunted');
  await queue.send('haunted');
  expect(await vanishing.fetch('haunted')).toHaveLength(1);
  await worker.stop(1_000);

  await start({ name: 'haunted', schedule: { cron: '0 0 1 1 *' }, run: async () => finished++ });
  await pass(60_000);
  expect(finished).toBe(1);
});

test('a job can be made to begin now, before its time, and is not done twice for that', async () => {
  let runs = 0;
  const { queue } = await start({ name: 'hourly', schedule: { everyMs: 3_600_000 }, run: async () => runs++ });
  await pass(2_000);
  expect(runs).toBe(1);
  expect(await runNow(queue, 'hourly')).toBe(true);
  await pass(5_000);
  expect(runs).toBe(2);
  expect(await runNow(queue, 'never heard of')).toBe(false);
});

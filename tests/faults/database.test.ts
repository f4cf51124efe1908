import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startApp, type TestApp, testMigrate } from '../support/app.ts';
import { type CliProcess, databaseSettings, readyUrl, startCli } from '../support/cli-process.ts';
import { expectLedgerClean } from '../support/verify.ts';
import { type RealServers, startServers } from './servers.ts';
import { callWitnesses, say } from './witnesses.ts';

const WITNESSES = 6;

let dataDir: string;
let servers: RealServers;
let operator: TestApp;
let ownerKey: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(inject('runFolder'), 'faults-'));
  servers = await startServers(dataDir);
  await testMigrate(servers.ownerUrl);
  operator = await startApp({ database: { ...servers, drop: async () => {} }, verified: false });
  ({ ownerKey } = await operator.tenant('faults'));
});
afterAll(async () => {
  await operator?.close();
  await servers?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** A server of the product's own process, with witnesses at work, until the fault is over. */
const underFault = async (
  what: string,
  fault: (clock: { phase(name: string, ms: number): Promise<void> }) => Promise<void>,
) => {
  const server: CliProcess = startCli(['serve'], {
    ...databaseSettings(servers),
    LOG_LEVEL: 'info',
    REPLICA_MAX_LAG_MS: '3000',
  });
  const url = await readyUrl(server);
  const witnesses = await callWitnesses(url, ownerKey, WITNESSES);
  const phases: Record<string, ReturnType<typeof witnesses.since>> = {};
  await fault({
    async phase(name, ms) {
      await delay(ms);
      phases[name] = witnesses.since();
      say(`${what}, ${name}`, phases[name]);
    },
  });
  const { contradictions } = await witnesses.stop();
  expect(contradictions).toEqual([]);
  expect(await server.end('SIGTERM'), server.stderr).toBe(0);
  await expectLedgerClean(operator);
  return phases;
};

test('a standby that stands still, then lags by ten seconds, then goes on', async () => {
  const phases = await underFault('standby paused', async ({ phase }) => {
    await phase('before', 1_500);
    await servers.ask('standby', 'select pg_wal_replay_pause()');
    await phase('paused', 10_000);
    await servers.ask('standby', 'select pg_wal_replay_resume()');
    await phase('after', 2_000);
  });
  for (const { reads, writes } of Object.values(phases)) {
    expect({ reads: reads.failed, writes: writes.failed }).toEqual({ reads: 0, writes: 0 });
    expect(reads.done).toBeGreaterThan(0);
  }
});

test('a standby that hangs', async () => {
  const phases = await underFault('standby hung', async ({ phase }) => {
    await phase('before', 1_500);
    await servers.signal('standby', 'SIGSTOP');
    await phase('hung', 8_000);
    await servers.signal('standby', 'SIGCONT');
    await phase('after', 2_000);
  });
  for (const { reads, writes } of Object.values(phases)) {
    expect({ reads: reads.failed, writes: writes.failed }).toEqual({ reads: 0, writes: 0 });
  }
});

test('a primary that is killed and comes back: reads go on, writes are refused and work again', async () => {
  const phases = await underFault('primary killed', async ({ phase }) => {
    await phase('before', 1_500);
    await servers.signal('primary', 'SIGKILL');
    await phase('gone', 4_000);
    await servers.restart('primary');
    await phase('back', 5_000);
  });
  expect(phases.gone?.reads.done).toBeGreaterThan(0);
  expect(Object.keys({ ...phases.gone?.writes.reasons, ...phases.gone?.reads.reasons }).sort()).toEqual(
    expect.arrayContaining(['DATABASE_UNAVAILABLE']),
  );
  expect(phases.back?.writes.done).toBeGreaterThan(0);
});

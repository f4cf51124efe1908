import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { startApp, type TestApp, testMigrate } from '../support/app.ts';
import { databaseSettings, type Environment, readyUrl, startCli } from '../support/cli-process.ts';
import { expectLedgerClean } from '../support/verify.ts';
import { type RealServers, startServers } from './servers.ts';
import { callWitnesses, say, type Testimony } from './witnesses.ts';

const WITNESSES = 6;

/** Real servers with a tenant, for the tests of a file. */
export interface Stage {
  readonly servers: RealServers;
  /** An application in the tests' own process. */
  readonly operator: TestApp;
  readonly ownerKey: string;
}

/** How processes of the product and the operator reach the servers. */
export type Urls = Pick<RealServers, 'primaryUrl' | 'replicaUrls'>;

/** What a test does to the servers, in phases whose testimonies are printed and kept. */
export type Fault = (phase: (name: string, ms: number) => Promise<void>) => Promise<void>;

export type Phases = Record<string, Pick<Testimony, 'writes' | 'reads'>>;

/** Sets the stage before a file's tests, and clears it after them. */
export const setStage = (urlsOf: (servers: RealServers) => Urls = (servers) => servers): Stage => {
  const stage: Partial<{ dataDir: string; servers: RealServers; operator: TestApp; ownerKey: string }> = {};
  beforeAll(async () => {
    stage.dataDir = await mkdtemp(join(inject('runFolder'), 'faults-'));
    stage.servers = await startServers(stage.dataDir);
    await testMigrate(stage.servers.ownerUrl);
    const { adminUrl, ownerUrl } = stage.servers;
    const database = { adminUrl, ownerUrl, ...urlsOf(stage.servers), drop: async () => {} };
    stage.operator = await startApp({ database, verified: false });
    stage.ownerKey = (await stage.operator.tenant('faults')).ownerKey;
  });
  afterAll(async () => {
    try {
      await stage.operator?.close();
    } finally {
      await stage.servers?.stop();
    }
    if (stage.dataDir) await rm(stage.dataDir, { recursive: true, force: true });
  });
  return stage as Stage;
};

/** Settings of a server of the product's own that works on the stage. */
export const settingsOn = (urls: Urls, more: Environment = {}): Environment => ({
  ...databaseSettings(urls),
  LOG_LEVEL: 'info',
  ...more,
});

/**
 * Servers of the product's own, one for each of `settings`, with witnesses at work, each request at the one whose turn it is, until
 * the fault is over. Nobody may contradict, the servers must end well, and the ledger be clean.
 */
export const underFault = async (
  what: string,
  { operator, ownerKey }: Stage,
  settings: readonly Environment[],
  fault: Fault,
): Promise<{ phases: Phases; logs: string }> => {
  const processes = settings.map((environment) => startCli(['serve'], environment));
  const [url = '', ...others] = await Promise.all(processes.map(readyUrl));
  let turn = 0;
  const routed = (to: string) => to.replace(url, [url, ...others][turn++ % processes.length] ?? url);
  const witnesses = await callWitnesses(url, ownerKey, WITNESSES, routed);
  const phases: Phases = {};
  await fault(async (name, ms) => {
    await delay(ms);
    const seen = witnesses.since();
    phases[name] = seen;
    say(`${what}, ${name}`, seen);
  });
  const { contradictions } = await witnesses.stop();
  const statuses = await Promise.all(processes.map((process) => process.end('SIGTERM')));
  const logs = processes.map(({ stderr }) => stderr).join('');
  expect(contradictions).toEqual([]);
  expect(statuses, logs).toEqual(processes.map(() => 0));
  await expectLedgerClean(operator);
  return { phases, logs };
};

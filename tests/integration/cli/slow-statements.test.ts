import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { compose } from '../../../src/compose.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { clientOf, testConfig, testMigrate } from '../../support/app.ts';
import { databaseSettings, readyUrl, startCli } from '../../support/cli-process.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { asSuperuser } from '../../support/superuser.ts';
import { lockTable } from '../../support/table-lock.ts';

vi.setConfig({ testTimeout: 60_000 });

let database: TestDatabase;
let key: string;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
  const application = await compose(testConfig(database), { clock: systemClock });
  ({ ownerKey: key } = await application.access.bootstrapTenant({ slug: 'slow', name: 'Slow' }));
  await application.close();
});
afterAll(() => database.drop());

interface Line {
  msg: string;
  sql?: string;
  plan?: string;
  milliseconds?: number;
}

/** For how long the statement that waits for a lock does so; 0 while none does. */
const waitedMs = async (): Promise<number> => {
  const [row] = await asSuperuser<{ ms: number }>(
    database,
    `select extract(epoch from clock_timestamp() - query_start)::float8 * 1000 as ms
     from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return row?.ms ?? 0;
};

test('a server logs a statement that took long with its plan, without the values of either', async () => {
  const settings = { ...databaseSettings(database), DATABASE_REPLICA_URLS: '', SLOW_QUERY_MS: '100' };
  const server = startCli(['serve'], settings);
  const client = clientOf(await readyUrl(server), key);
  const unlock = await lockTable(database.ownerUrl, 'app_user');
  const listed = client.users.list.query({ email: 'Ada.Lovelace@example.org' });
  await expect.poll(waitedMs, { timeout: 10_000 }).toBeGreaterThan(150);
  await unlock();
  await listed;
  const lines = () =>
    server.stderr
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line);
  const ofUsers = () => lines().find(({ msg, sql }) => msg === 'slow statement' && sql?.includes('from app_user'));
  await vi.waitUntil(ofUsers, { timeout: 10_000 });
  expect(ofUsers()).toMatchObject({
    fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    plan: expect.stringMatching(/on app_user.*\(cost=.*rows=/),
  });
  expect(ofUsers()?.milliseconds).toBeGreaterThan(100);
  expect(server.stderr.toLowerCase()).not.toContain('lovelace');
  expect(await server.end('SIGTERM')).toBe(0);
});

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Application, compose } from '../../../src/compose.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { migrationsList } from '../../../src/migrations/index.ts';
import { createReadiness, NO_SOURCE, OLD_SCHEMA } from '../../../src/platform/db/readiness.ts';
import { openSources } from '../../../src/platform/db/sources.ts';
import { listen } from '../../../src/transport/http/server.ts';
import { clientOf, testConfig, testMigrate } from '../../support/app.ts';
import { startFreezingProxy } from '../../support/freezing-proxy.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { startSilentServer } from '../../support/silent-server.ts';
import { lockTable, waitingForLocks } from '../../support/table-lock.ts';

const NOBODY = 'postgres://innkeeper_app:x@127.0.0.1:1/innkeeper';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
});
afterAll(() => database.drop());

interface Served {
  url: string;
  application: Application;
}

/** A server on these settings, which may name databases that are not there. */
const started = async (settings: Record<string, string> = {}): Promise<Served> => {
  const config = testConfig(database, { READINESS_TIMEOUT_MS: '300', ...settings });
  const application = await compose(config, { clock: systemClock });
  const server = await listen(application.app, { host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await server.close(0);
    await application.close();
  });
  return { url: server.url, application };
};

const readyz = async (app: Served) => {
  const answer = await fetch(`${app.url}/readyz`);
  return { status: answer.status, body: await answer.json() };
};

const READY = { status: 200, body: { status: 'ready', reasons: [] } };
const notReady = (reason: string) => ({ status: 503, body: { status: 'not ready', reasons: [reason] } });

const names = migrationsList().map(({ name }) => name);

/** What is said of the primary of a database, freshly asked. */
const judged = async (url: string, migrations: string[]) => {
  const sources = openSources({
    urls: [url],
    role: 'innkeeper_app',
    pooled: false,
    applicationName: 'test',
    timeoutMs: 5_000,
  });
  onTestFinished(() => sources.close());
  return createReadiness(sources, migrations)();
};

test('a server on a database of its version is ready', async () => {
  expect(await readyz(await started())).toEqual(READY);
});

test('a schema older than the code is not served from, a newer one is', async () => {
  expect(await judged(database.primaryUrl, [...names, '9999_yet_to_come'])).toEqual([OLD_SCHEMA]);
  expect(await judged(database.primaryUrl, names.slice(0, -1))).toEqual([]);
});

test('a database that nobody has migrated is not served from', async () => {
  const empty = new URL(database.primaryUrl);
  empty.pathname = '/postgres';
  expect(await judged(empty.href, names)).toEqual([OLD_SCHEMA]);
});

test('losing the primary leaves a server ready while a replica answers', async () => {
  const [replica = ''] = database.replicaUrls;
  expect(await readyz(await started({ DATABASE_URL: NOBODY, DATABASE_REPLICA_URLS: replica }))).toEqual(READY);
  expect(await readyz(await started({ DATABASE_REPLICA_URLS: NOBODY }))).toEqual(READY);
});

test('without any database to read from it is not ready, and alive all the same', async () => {
  const app = await started({ DATABASE_URL: NOBODY, DATABASE_REPLICA_URLS: NOBODY });
  expect(await readyz(app)).toEqual(notReady(NO_SOURCE));
  expect((await fetch(`${app.url}/livez`)).status).toBe(200);
});

test('a database that takes connections and never answers is given up after the time-out', async () => {
  const silent = await startSilentServer();
  expect(await readyz(await started({ DATABASE_URL: silent, DATABASE_REPLICA_URLS: '' }))).toEqual(notReady(NO_SOURCE));
});

test('a database that falls silent on an open connection is noticed', async () => {
  const proxy = await startFreezingProxy(database.primaryUrl);
  const app = await started({ DATABASE_URL: proxy.url, DATABASE_REPLICA_URLS: '', READINESS_TIMEOUT_MS: '2000' });
  expect(await readyz(app)).toEqual(READY);
  proxy.freeze();
  await expect.poll(() => readyz(app), { timeout: 10_000 }).toEqual(notReady(NO_SOURCE));
});

test('a database that hangs does not hold up the answer of one that works', async () => {
  const app = await started({ DATABASE_URL: await startSilentServer(), READINESS_TIMEOUT_MS: '3000' });
  const startedAt = performance.now();
  expect(await readyz(app)).toEqual(READY);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

test('a pool without a free connection does not make a server unready', async () => {
  const app = await started({ DATABASE_POOL_SIZE: '1', DATABASE_REPLICA_URLS: '' });
  const { ownerKey } = await app.application.access.bootstrapTenant({ slug: 'crowded', name: 'Crowded' });
  const unlock = await lockTable(database.ownerUrl, 'property');
  const stuck = clientOf(app.url, ownerKey).properties.list.query({});
  await expect.poll(() => waitingForLocks(database.ownerUrl)).toBe(1);
  expect(await readyz(app)).toEqual(READY);
  await unlock();
  await expect(stuck).resolves.toMatchObject({ items: [] });
});

test('a draining server turns unready and still answers', async () => {
  const app = await started();
  app.application.drain();
  expect(await readyz(app)).toEqual(notReady('draining'));
  expect((await fetch(`${app.url}/openapi.json`)).status).toBe(200);
});

test('however often it is asked, the databases are asked once a second', async () => {
  let asked = 0;
  const ask = () => {
    asked += 1;
    return [Promise.resolve([])];
  };
  const readiness = createReadiness({ ask }, []);
  await Promise.all(Array.from({ length: 100 }, readiness));
  expect(asked).toBe(1);
});

import { type Application, compose, type Seams } from '../../src/compose.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { type StandingClock, standingClock } from '../../src/kernel/clock.ts';
import { migrationsList } from '../../src/migrations/index.ts';
import { migrateUp } from '../../src/platform/db/migrator.ts';
import { type Listeners, silentListeners } from '../../src/platform/telemetry/listeners.ts';
import { createLogThresholds } from '../../src/platform/telemetry/log-thresholds.ts';
import { type HttpServer, listen } from '../../src/transport/http/server.ts';
import { type Client, clientOf } from './client.ts';
import { createDatabase, type TestDatabase } from './postgres.ts';
import { expectQueriesBehave } from './query-guard.ts';
import { watchQueries } from './query-watch.ts';
import { expectLedgerClean } from './verify.ts';

export { type Client, clientOf } from './client.ts';

export interface TestTenant {
  tenantId: string;
  ownerKey: string;
  /** Calls as the tenant's owner. */
  client: Client;
}

export interface TestApp {
  url: string;
  clock: StandingClock;
  config: Config;
  application: Application;
  database: TestDatabase;
  tenant(slug: string): Promise<TestTenant>;
  /** A typed client that sends `credentials` as its Bearer token; null sends none. */
  client(credentials: string | null): Client;
  /**
   * Stops the server; fails when `innkeeper verify` finds anything off in what the tests have left, when a request ran
   * a statement per row, or when a statement would read a big table from end to end.
   */
  close(): Promise<void>;
}

export const NOON = '2026-03-02T12:00:00.000Z';

export const testMigrate = async (ownerUrl: string): Promise<void> => {
  await migrateUp({ ownerUrl, role: 'innkeeper_app', migrations: migrationsList(), lockTimeoutMs: 10_000 });
};

export const testConfig = (database: TestDatabase, overrides: Record<string, string> = {}): Config =>
  readConfig({
    DATABASE_URL: database.primaryUrl,
    DATABASE_REPLICA_URLS: database.replicaUrls.join(','),
    DATA_KEY: 'data-key-of-the-tests-0123456789abcdef',
    AUTH_SECRET: 'auth-secret-of-the-tests-0123456789abc',
    LOG_LEVEL: 'silent',
    ...overrides,
  });

export interface AppOptions {
  settings?: Record<string, string>;
  instant?: string;
  database?: TestDatabase;
  /** Told of each statement too. */
  onStatement?: Listeners['onStatement'];
  /** Measures it, as a process that serves does. */
  openMetrics?: Seams['openMetrics'];
  /** Records it; nothing is recorded unless given. */
  tracer?: Seams['tracer'];
  /** Told why a call was answered with an internal error. */
  onFault?: Listeners['onFault'];
  /** Told of what operators do. */
  onOperation?: Listeners['onOperation'];
  /** False for tests that damage the ledger on purpose. */
  verified?: boolean;
}

/** A whole server of its own, over HTTP on a free port, with its own database and a clock that stands at noon UTC on 2 March 2026. */
export const startApp = async (options: AppOptions = {}): Promise<TestApp> => {
  const database = options.database ?? (await createDatabase(testMigrate));
  const config = testConfig(database, options.settings);
  const clock = standingClock(options.instant ?? NOON);
  const watch = watchQueries();
  const onStatement: Listeners['onStatement'] = (...statement) => {
    watch.onStatement(...statement);
    options.onStatement?.(...statement);
  };
  const { onOperation = silentListeners.onOperation, onFault = silentListeners.onFault } = options;
  const listeners = { ...silentListeners, onStatement, onOperation, onFault };
  const application = await compose(config, {
    ...{ clock, listeners, logLevels: createLogThresholds('info') },
    ...(options.openMetrics && { openMetrics: options.openMetrics }),
    ...(options.tracer && { tracer: options.tracer }),
  });
  const server: HttpServer = await listen(application.app, { host: '127.0.0.1', port: 0 });
  return {
    url: server.url,
    clock,
    config,
    application,
    database,
    async tenant(slug) {
      const { tenantId, ownerKey } = await application.access.bootstrapTenant({ slug, name: slug });
      return { tenantId, ownerKey, client: clientOf(server.url, ownerKey) };
    },
    client: (credentials) => clientOf(server.url, credentials),
    async close() {
      application.drain();
      await server.close(2_000);
      try {
        await expectQueriesBehave(watch, database);
        if (options.verified !== false) await expectLedgerClean({ application });
      } finally {
        await application.close();
        if (!options.database) await database.drop();
      }
    },
  };
};

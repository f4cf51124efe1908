import { UserEntity } from '../../../src/features/access/index.ts';
import { type Database, openDatabase } from '../../../src/platform/db/database.ts';
import { testConfig } from '../../support/app.ts';
import type { TestDatabase } from '../../support/postgres.ts';

/** The database as the application opens it: its role, its scopes, its pools, of the size given. */
export const openAsApp = (database: TestDatabase, poolSize: number): Promise<Database> => {
  const config = testConfig(database);
  return openDatabase({
    primaryUrl: config.DATABASE_URL,
    replicaUrls: config.DATABASE_REPLICA_URLS,
    role: config.DATABASE_ROLE,
    pooled: false,
    poolLeast: 1,
    poolSize,
    connectionLifeMs: 60_000,
    acquireTimeoutMs: config.DATABASE_ACQUIRE_TIMEOUT_MS,
    statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
    idleTimeoutMs: config.DATABASE_IDLE_TIMEOUT_MS,
    idleTransactionTimeoutMs: config.DATABASE_IDLE_TRANSACTION_TIMEOUT_MS,
    applicationName: 'row-level-security-test',
    replicas: { waitMs: 0, behindMs: 0, checkMs: 1_000, checkTimeoutMs: 2_000, maxLagMs: 10_000 },
    entities: [UserEntity],
    onStatement: () => {},
    onConnectionFault: () => {},
    onReplica: () => {},
    onPrimary: () => {},
  });
};

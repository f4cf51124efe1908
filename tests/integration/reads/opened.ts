import { sql } from 'kysely';
import { onTestFinished } from 'vitest';
import { UserEntity } from '../../../src/features/access/index.ts';
import { type Database, type DatabaseOptions, openDatabase } from '../../../src/platform/db/database.ts';
import type { Scope } from '../../../src/platform/db/scope.ts';
import { testConfig } from '../../support/app.ts';
import type { TestDatabase } from '../../support/postgres.ts';

export interface Opened {
  database: Database;
  /** Where each statement ran. */
  targets: ('primary' | 'replica')[];
  /** What was said of replicas, and of the primary. */
  news: string[];
}

/** The database as the application opens it, with quick checks, until the test ends. */
export const opened = async (
  urls: Pick<TestDatabase, 'primaryUrl' | 'replicaUrls'>,
  replicas: Partial<DatabaseOptions['replicas']> = {},
  more: Partial<DatabaseOptions> = {},
): Promise<Opened> => {
  const config = testConfig({ ...urls, ownerUrl: urls.primaryUrl, drop: async () => {} });
  const targets: Opened['targets'] = [];
  const news: string[] = [];
  const database = await openDatabase({
    ...urls,
    role: config.DATABASE_ROLE,
    pooled: false,
    poolLeast: 1,
    poolSize: 3,
    connectionLifeMs: 60_000,
    acquireTimeoutMs: 5_000,
    statementTimeoutMs: 10_000,
    idleTimeoutMs: 10_000,
    idleTransactionTimeoutMs: 10_000,
    applicationName: 'replica-test',
    replicas: { waitMs: 5, behindMs: 300, checkMs: 20, checkTimeoutMs: 500, maxLagMs: 60_000, ...replicas },
    entities: [UserEntity],
    onStatement: (_text, _milliseconds, target) => void targets.push(target),
    onConnectionFault: () => {},
    onReplica: (_replica, ejected) => void news.push(ejected ?? 'back'),
    ...more,
    onPrimary: (gone) => void news.push(gone ? 'primary gone' : 'primary back'),
  });
  onTestFinished(() => database.close());
  return { database, targets, news };
};

/** Reads one, as wherever the scope lets it. */
export const readOne = async ({ database }: Opened, scope: Scope): Promise<number | undefined> =>
  (await database.read(scope, 'replica', (db) => sql<{ one: number }>`select 1 as one`.execute(db))).rows[0]?.one;

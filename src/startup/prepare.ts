import type { Application } from '../compose.ts';
import type { Config } from '../config.ts';
import { migrationsList } from '../migrations/index.ts';
import { checkConnections } from '../platform/db/connection-budget.ts';
import { migrateUp } from '../platform/db/migrator.ts';
import { checkRole } from '../platform/db/role-check.ts';
import type { Databases } from './databases.ts';

/**
 * Makes sure that the database may be served from: migrates where that is wanted, and throws UnsafeRoleError when
 * row-level security would not hold the connections' role, ConnectionBudgetError when there are too few connections. Answers the migrations that ran.
 */
export const prepareDatabase = async (
  config: Config,
  databases: Databases,
  application: Application,
): Promise<string[]> => {
  const ran =
    (config.MIGRATE_ON_START ?? databases.dataDir !== null)
      ? await migrateUp({
          ownerUrl: databases.ownerUrl,
          role: config.DATABASE_ROLE,
          migrations: migrationsList(),
          lockTimeoutMs: config.MIGRATION_LOCK_TIMEOUT_MS,
        })
      : [];
  await checkRole(application.sources);
  if (!config.DATABASE_POOLER) {
    await checkConnections(application.sources, {
      serving: config.SERVING_PROCESSES,
      workers: config.WORKER_PROCESSES,
      poolSize: config.DATABASE_POOL_SIZE,
      jobsPoolSize: config.JOBS_POOL_SIZE,
      reserved: config.DATABASE_RESERVED_CONNECTIONS,
    });
  }
  return ran;
};

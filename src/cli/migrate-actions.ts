import { overriddenBy, readSettings } from '../config.ts';
import { createMigrationFile, migrationsList } from '../migrations/index.ts';
import { type MigratorOptions, migrateUp, migrationStatus } from '../platform/db/migrator.ts';
import { createLog } from '../platform/telemetry/logs.ts';
import { borrowDatabases } from '../startup/databases.ts';
import { onceReachable } from '../startup/reach-database.ts';
import { columns } from './columns.ts';
import { startProgress } from './progress.ts';
import { ExitStatus } from './run-command.ts';

export interface MigrateOptions {
  dataDir?: string;
}

const withMigrator = async <T>(
  { dataDir }: MigrateOptions,
  work: (options: MigratorOptions) => Promise<T>,
): Promise<T> => {
  const settings = readSettings(overriddenBy({ INNKEEPER_DATA_DIR: dataDir }), 'not needed');
  const progress = startProgress('Reaching the database');
  try {
    const databases = await borrowDatabases(settings, () => {});
    try {
      return await work({
        ownerUrl: databases.ownerUrl,
        role: settings.DATABASE_ROLE,
        migrations: migrationsList(),
        lockTimeoutMs: settings.MIGRATION_LOCK_TIMEOUT_MS,
      });
    } finally {
      await databases.stop();
    }
  } finally {
    progress.end();
  }
};

/** Runs `work` until the database lets it, for so many seconds; with none, once. */
const waiting = async <T>(seconds: number, work: () => Promise<T>): Promise<T> => {
  if (seconds === 0) return await work();
  let last: unknown;
  const tried = () =>
    work().catch((error: unknown) => {
      last = error;
      throw error;
    });
  const log = createLog({ level: 'warn', format: 'text', stream: process.stderr });
  const over = AbortSignal.timeout(seconds * 1_000);
  try {
    return await onceReachable(tried, log, over);
  } catch (error) {
    if (error === last) throw error;
    throw new Error(`The database was waited for, ${seconds} s in vain.`, { cause: last });
  }
};

/** Runs what is pending. */
export const up = async ({ wait, ...options }: MigrateOptions & { wait: number }) => {
  const ran = await withMigrator(options, (migrator) => waiting(wait, () => migrateUp(migrator)));
  process.stdout.write(ran.length ? `Ran ${ran.join(', ')}.\n` : 'Nothing was pending.\n');
};

/** Lists migrations and when they ran. */
export const status = async (options: MigrateOptions) => {
  const { executed, pending } = await withMigrator(options, migrationStatus);
  const rows = [
    ['MIGRATION', 'RAN AT'],
    ...executed.map(({ name, at }) => [name, at]),
    ...pending.map((name) => [name, 'pending']),
  ];
  process.stdout.write(columns(rows));
};

/** Ends with exit status 1 when a migration is pending. */
export const check = async (options: MigrateOptions) => {
  const { pending } = await withMigrator(options, migrationStatus);
  process.stdout.write(pending.length ? `Pending: ${pending.join(', ')}.\n` : 'Nothing is pending.\n');
  if (pending.length) throw new ExitStatus(1);
};

/** Adds an empty migration. */
export const create = async (name: string) => {
  process.stdout.write(`${createMigrationFile(name)}\n`);
};

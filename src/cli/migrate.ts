import type { Command } from 'commander';
import { overriddenBy, readSettings } from '../config.ts';
import { createMigrationFile, migrationsList } from '../migrations/index.ts';
import { type MigratorOptions, migrateUp, migrationStatus } from '../platform/db/migrator.ts';
import { borrowDatabases } from '../startup/databases.ts';
import { columns } from './columns.ts';
import { startProgress } from './progress.ts';
import { ExitStatus } from './run-command.ts';

interface Options {
  dataDir?: string;
}

const withMigrator = async <T>({ dataDir }: Options, work: (options: MigratorOptions) => Promise<T>): Promise<T> => {
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

const up = async (options: Options) => {
  const ran = await withMigrator(options, migrateUp);
  process.stdout.write(ran.length ? `Ran ${ran.join(', ')}.\n` : 'Nothing was pending.\n');
};

const status = async (options: Options) => {
  const { executed, pending } = await withMigrator(options, migrationStatus);
  const rows = [
    ['MIGRATION', 'RAN AT'],
    ...executed.map(({ name, at }) => [name, at]),
    ...pending.map((name) => [name, 'pending']),
  ];
  process.stdout.write(columns(rows));
};

const check = async (options: Options) => {
  const { pending } = await withMigrator(options, migrationStatus);
  process.stdout.write(pending.length ? `Pending: ${pending.join(', ')}.\n` : 'Nothing is pending.\n');
  if (pending.length) throw new ExitStatus(1);
};

const create = async (name: string) => {
  process.stdout.write(`${createMigrationFile(name)}\n`);
};

export const registerMigrate = (program: Command): void => {
  const migrate = program
    .command('migrate')
    .description('Bring the schema up to date, as the login that owns the tables (DATABASE_MIGRATION_URL).');
  const onDatabase = (name: string, description: string, options = {}) =>
    migrate
      .command(name, options)
      .description(description)
      .option('--data-dir <folder>', 'where the embedded database lives (INNKEEPER_DATA_DIR)');
  onDatabase('up', 'run what is pending, all or nothing; what migrate does alone', { isDefault: true }).action(up);
  onDatabase('status', 'list migrations and when they ran').action(status);
  onDatabase('check', 'exit with status 1 when a migration is pending').action(check);
  migrate
    .command('create')
    .argument('<name>', 'in small letters, digits and underscores')
    .description('add an empty migration to src/migrations and print its path')
    .action(create);
};

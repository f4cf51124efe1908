import type { Migration } from '@mikro-orm/migrations';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { connectionTo, newClient } from './connection.ts';

export interface MigrationEntry {
  name: string;
  class: new (...args: never[]) => Migration;
}

export interface MigratorOptions {
  /** A login that owns the database, or will own its tables. */
  ownerUrl: string;
  /** The role the application serves as; made (without login) when it is missing. */
  role: string;
  migrations: MigrationEntry[];
  lockTimeoutMs: number;
}

export interface MigrationStatus {
  executed: { name: string; at: string }[];
  pending: string[];
}

/** One at a time across all processes: the lock's key is the text 'innkeeper' by PostgreSQL's hashtext. */
const LOCK = `select pg_advisory_lock(hashtext('innkeeper'))`;

const ensureRole = async (client: pg.Client, role: string): Promise<void> => {
  const name = pg.escapeIdentifier(role);
  const known = await client.query('select 1 from pg_roles where rolname = $1', [role]);
  if (known.rowCount) return;
  await client.query(`create role ${name} nologin`);
  await client.query(`grant ${name} to current_user`);
};

const withMigrator = async <T>(options: MigratorOptions, work: (migrator: Migrator) => Promise<T>): Promise<T> => {
  const connection = connectionTo(options.ownerUrl);
  const orm = await MikroORM.init({
    entities: [],
    discovery: { warnWhenNoEntities: false },
    clientUrl: connection.connectionString,
    extensions: [Migrator],
    logger: () => {},
    migrations: { migrationsList: options.migrations as never, tableName: 'migration', snapshot: false },
    driverOptions: {
      // The whole of it: of `clientUrl` MikroORM takes neither sslmode nor whatever else stands behind the database's name.
      ...connection,
      application_name: 'innkeeper-migrate',
      options: `-c lock_timeout=${options.lockTimeoutMs} -c statement_timeout=600000`,
    },
  });
  try {
    return await work(orm.migrator as Migrator);
  } finally {
    await orm.close(true);
  }
};

/** Runs what is pending, all or nothing, while holding the advisory lock; answers the names that ran. */
export const migrateUp = async (options: MigratorOptions): Promise<string[]> => {
  const client = newClient(options.ownerUrl, { application_name: 'innkeeper-migrate-lock' });
  await client.connect();
  try {
    await client.query(`set statement_timeout = ${Math.max(options.lockTimeoutMs, 60_000)}`);
    await client.query(LOCK);
    await ensureRole(client, options.role);
    const ran = await withMigrator(options, (migrator) => migrator.up());
    return ran.map((migration) => migration.name);
  } finally {
    await client.end();
  }
};

export const migrationStatus = (options: MigratorOptions): Promise<MigrationStatus> =>
  withMigrator(options, async (migrator) => ({
    executed: (await migrator.getExecuted()).map((row) => ({ name: row.name, at: row.executed_at.toISOString() })),
    pending: (await migrator.getPending()).map((row) => row.name),
  }));

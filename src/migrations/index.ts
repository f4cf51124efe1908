import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Migration } from '@mikro-orm/migrations';
import { JOBS_SCHEMA_VERSION, jobsSchemaSql } from '../platform/jobs/schema.ts';

const folder = import.meta.dirname;

/** The migrations' files in the order in which they run: NNNN_name.sql, forward only, expand and contract. */
export const migrationFiles = (inside = folder): string[] =>
  readdirSync(inside)
    .filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
    .sort();

export const migrationSql = (file: string): string => readFileSync(`${folder}/${file}`, 'utf8');

/** The queue's library brings its own tables; a release that changes them makes a new migration of this. */
const jobsMigration = {
  name: `jobs_version_${JOBS_SCHEMA_VERSION}`,
  class: class extends Migration {
    override async up() {
      const [{ present } = { present: false }] = await this.execute(
        `select to_regclass('jobs.version') is not null as present`,
      );
      const [installed] = present ? await this.execute('select version from jobs.version') : [];
      this.addSql(jobsSchemaSql(installed ? Number(installed.version) : null, 'innkeeper_app'));
    }
  },
};

/** Changes whenever a migration is added or edited; names a test run's template database. */
export const migrationsFingerprint = (): string =>
  migrationFiles()
    .reduce(
      (hash, file) => hash.update(file).update(migrationSql(file)),
      createHash('sha256').update(jobsMigration.name),
    )
    .digest('hex')
    .slice(0, 16);

/** What MikroORM's migrator runs: one class a file, and the tables of the queue's library. */
export const migrationsList = () => [
  ...migrationFiles().map((file) => ({
    name: file.replace(/\.sql$/, ''),
    class: class extends Migration {
      override up() {
        this.addSql(migrationSql(file));
      }
    },
  })),
  jobsMigration,
];

/** Adds an empty migration after the last one; answers its path. Throws RangeError for a name of other characters. */
export const createMigrationFile = (name: string, inside = folder): string => {
  if (!/^[a-z][a-z0-9_]{0,60}$/.test(name)) {
    throw new RangeError(`'${name}' is no name for a migration: use small letters, digits and underscores.`);
  }
  const last = migrationFiles(inside).at(-1)?.slice(0, 4) ?? '0000';
  const path = `${inside}/${String(Number(last) + 1).padStart(4, '0')}_${name}.sql`;
  writeFileSync(path, '-- What changes, and why it is safe while the version before runs.\n', { flag: 'wx' });
  return path;
};

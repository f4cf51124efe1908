import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Migration } from '@mikro-orm/migrations';

const folder = import.meta.dirname;

/** The migrations' files in the order in which they run: NNNN_name.sql, forward only, expand and contract. */
export const migrationFiles = (inside = folder): string[] =>
  readdirSync(inside)
    .filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
    .sort();

export const migrationSql = (file: string): string => readFileSync(`${folder}/${file}`, 'utf8');

/** Changes whenever a migration is added or edited; names a test run's template database. */
export const migrationsFingerprint = (): string =>
  migrationFiles()
    .reduce((hash, file) => hash.update(file).update(migrationSql(file)), createHash('sha256'))
    .digest('hex')
    .slice(0, 16);

/** What MikroORM's migrator runs: one class a file. */
export const migrationsList = () =>
  migrationFiles().map((file) => ({
    name: file.replace(/\.sql$/, ''),
    class: class extends Migration {
      override up() {
        this.addSql(migrationSql(file));
      }
    },
  }));

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

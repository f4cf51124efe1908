import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Migration } from '@mikro-orm/migrations';

const folder = import.meta.dirname;

/** The migrations' files in the order in which they run: NNNN_name.sql, forward only, expand and contract. */
export const migrationFiles = (): string[] =>
  readdirSync(folder)
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

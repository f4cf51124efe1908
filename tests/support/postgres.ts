import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { migrationsFingerprint } from '../../src/migrations/index.ts';
import type {} from './global-setup.ts';
import { waitForReplay } from './replay-wait.ts';

export interface TestDatabase {
  /** Of the superuser, where the servers are not those of all tests. */
  adminUrl?: string;
  ownerUrl: string;
  primaryUrl: string;
  replicaUrls: string[];
  /** Close every pool first; sessions that are left are cut. */
  drop(): Promise<void>;
}

const TEMPLATE_LOCK = 7_301_984;

/**
 * A database of the caller's own, on the primary and the standby, cloned from a template that `migrate` builds once per
 * run and state of src/migrations. Every caller must pass the same `migrate`.
 */
export async function createDatabase(migrate: (ownerUrl: string) => Promise<void>): Promise<TestDatabase> {
  return createFrom((admin) => ensureTemplate(admin, migrate));
}

/** A database of the caller's own in which nothing has been migrated, on the primary and the standby. */
export const createEmptyDatabase = (): Promise<TestDatabase> => createFrom(async () => 'template0');

async function createFrom(templateOf: (admin: pg.Client) => Promise<string>): Promise<TestDatabase> {
  const urls = inject('embedded');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdmin(async (admin) => {
    const template = await templateOf(admin);
    await admin.query(`create database ${name} template ${template} owner innkeeper_owner`);
    await Promise.all(urls.replicaUrls.map((url) => waitForReplay(admin, url)));
  });
  return {
    ownerUrl: onDatabase(urls.ownerUrl, name),
    primaryUrl: onDatabase(urls.primaryUrl, name),
    replicaUrls: urls.replicaUrls.map((url) => onDatabase(url, name)),
    drop: () =>
      asAdmin(async (admin) => {
        await admin.query(`drop database if exists ${name} with (force)`);
      }),
  };
}

/** Builds the template under another name and renames it when complete; one builder at a time. */
async function ensureTemplate(admin: pg.Client, migrate: (ownerUrl: string) => Promise<void>): Promise<string> {
  const template = `template_${migrationsFingerprint()}`;
  await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [template]);
    if (rowCount) return template;
    const unfinished = `${template}_unfinished`;
    await admin.query(`drop database if exists ${unfinished} with (force)`);
    await admin.query(`create database ${unfinished} owner innkeeper_owner`);
    await migrate(onDatabase(inject('embedded').ownerUrl, unfinished));
    await admin.query(`alter database ${unfinished} with allow_connections false`);
    await admin.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1', [unfinished]);
    await admin.query(`alter database ${unfinished} rename to ${template}`);
    return template;
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

async function asAdmin(work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: inject('embedded').adminUrl, application_name: 'test-databases' });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

function onDatabase(url: string, name: string): string {
  const moved = new URL(url);
  moved.pathname = `/${name}`;
  return moved.href;
}

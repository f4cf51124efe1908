import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { folderExists, newFolder } from './data-folder.ts';
import type { Installation } from './installation.ts';
import { dataFolderArgument, run } from './run.ts';
import { serverSettings, writeConfiguration } from './settings.ts';
import type { EmbeddedState } from './state.ts';

const CHARACTER_TYPE = { linux: 'C.UTF-8', darwin: 'UTF-8' };

const ROLES_AND_DATABASE = [
  'create role innkeeper_replication login replication',
  'create role innkeeper_owner login createrole',
  'create role innkeeper_app login nosuperuser nobypassrls nocreaterole nocreatedb noreplication',
  'create database innkeeper owner innkeeper_owner',
  // So that its owner can tell what the application's statements cost.
  'grant pg_read_all_stats to innkeeper_owner',
];

const STATISTICS = [
  'create schema monitoring',
  'create extension pg_stat_statements schema monitoring',
  'grant usage on schema monitoring to innkeeper_owner',
];

/** Makes a new primary with roles and database; it appears under its name only when all of that is done. */
export async function createCluster(installation: Installation): Promise<void> {
  const { folder, binaries, identity, state, durable } = installation;
  const fresh = await newFolder(folder, 'primary', identity);
  const characterType = Object.entries(CHARACTER_TYPE).find(([platform]) => platform === process.platform)?.[1] ?? 'C';
  await run(
    binaries.initdb,
    [
      `--pgdata=${dataFolderArgument(fresh, identity)}`,
      '--username=postgres',
      '--auth=reject',
      '--encoding=UTF8',
      '--locale=C',
      `--lc-ctype=${characterType}`,
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--text-search-config=simple',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ],
    { cwd: fresh, identity },
  );
  await writeConfiguration(fresh, serverSettings(state.ports.primary, installation), identity);
  await runSingleUser(fresh, installation, [...ROLES_AND_DATABASE, ...passwordStatements(state.passwords)]);
  await runSingleUser(fresh, installation, STATISTICS, 'innkeeper');
  await rename(fresh, join(folder, 'primary'));
}

/** Gives the roles of a primary that is not running the passwords of the state; nothing to do without a primary. */
export async function resetPasswords(installation: Installation): Promise<void> {
  const primary = join(installation.folder, 'primary');
  if (!(await folderExists(primary))) return;
  await runSingleUser(primary, installation, passwordStatements(installation.state.passwords));
}

const passwordStatements = (passwords: EmbeddedState['passwords']): string[] => [
  `alter role postgres password '${passwords.postgres}'`,
  `alter role innkeeper_replication password '${passwords.replication}'`,
  `alter role innkeeper_owner password '${passwords.owner}'`,
  `alter role innkeeper_app password '${passwords.app}'`,
];

/** Runs statements with no server and no open port. Single-user mode goes on after an error, hence the search. */
async function runSingleUser(
  cluster: string,
  { binaries, identity }: Installation,
  statements: string[],
  database = 'postgres',
): Promise<void> {
  const quiet = ['-c', 'log_min_error_statement=panic', '-c', 'log_error_verbosity=terse', '-c', 'log_statement=none'];
  const args = ['--single', '-D', dataFolderArgument(cluster, identity), ...quiet, database];
  const input = `${statements.join('\n')}\n`;
  const output = await run(binaries.postgres, args, { cwd: cluster, identity, input });
  const failure = output.split('\n').find((line) => /\b(ERROR|FATAL|PANIC):/.test(line));
  if (failure) throw new Error(`The embedded PostgreSQL could not be set up: ${failure}`);
}

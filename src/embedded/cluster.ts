import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { newFolder } from './data-folder.ts';
import type { Identity } from './identity.ts';
import { dataFolderArgument, run } from './run.ts';
import { type Settings, writeConfiguration } from './settings.ts';
import type { EmbeddedState } from './state.ts';

type Passwords = EmbeddedState['passwords'];

const CHARACTER_TYPE = { linux: 'C.UTF-8', darwin: 'UTF-8' };

const ROLES_AND_DATABASE = [
  'create role innkeeper_replication login replication',
  'create role innkeeper_owner login createrole',
  'create role innkeeper_app login nosuperuser nobypassrls nocreaterole nocreatedb noreplication',
  'create database innkeeper owner innkeeper_owner',
];

/** Makes a new cluster with roles and database; it appears under its name only when all of that is done. */
export async function createCluster(
  folder: string,
  binaries: Binaries,
  identity: Identity | undefined,
  options: { passwords: Passwords; durable: boolean; settings: Settings },
): Promise<void> {
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
      ...(options.durable ? [] : ['--no-sync']),
    ],
    { cwd: fresh, identity },
  );
  await writeConfiguration(fresh, options.settings, identity);
  await runSingleUser(fresh, binaries, identity, [...ROLES_AND_DATABASE, ...passwordStatements(options.passwords)]);
  await rename(fresh, join(folder, 'primary'));
}

/** Gives the roles of a stopped cluster these passwords. */
export const resetPasswords = (cluster: string, binaries: Binaries, identity: Identity | undefined, to: Passwords) =>
  runSingleUser(cluster, binaries, identity, passwordStatements(to));

const passwordStatements = (passwords: Passwords): string[] => [
  `alter role postgres password '${passwords.postgres}'`,
  `alter role innkeeper_replication password '${passwords.replication}'`,
  `alter role innkeeper_owner password '${passwords.owner}'`,
  `alter role innkeeper_app password '${passwords.app}'`,
];

/** Runs statements with no server and no open port. Single-user mode goes on after an error, hence the search. */
async function runSingleUser(
  cluster: string,
  binaries: Binaries,
  identity: Identity | undefined,
  statements: string[],
): Promise<void> {
  const quiet = ['-c', 'log_min_error_statement=panic', '-c', 'log_error_verbosity=terse', '-c', 'log_statement=none'];
  const args = ['--single', '-D', dataFolderArgument(cluster, identity), ...quiet, 'postgres'];
  const input = `${statements.join('\n')}\n`;
  const output = await run(binaries.postgres, args, { cwd: cluster, identity, input });
  const failure = output.split('\n').find((line) => /\b(ERROR|FATAL|PANIC):/.test(line));
  if (failure) throw new Error(`The embedded PostgreSQL could not be set up: ${failure}`);
}

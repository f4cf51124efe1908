import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The main process of the embedded database in a folder; those that serve connections are its children. */
export const databasePidOf = (dataDir: string): number =>
  Number.parseInt(readFileSync(join(dataDir, 'primary', 'postmaster.pid'), 'utf8'), 10);

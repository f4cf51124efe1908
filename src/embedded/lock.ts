import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;

/**
 * Takes the data folder for this process and returns how to give it back; undefined when another holds it. The lock is
 * SQLite's own file lock, which the operating system ends with the process, so it can be neither stale nor stolen.
 */
export function lockFolder(folder: string): (() => void) | undefined {
  const file = join(folder, 'embedded.lock');
  const database = new DatabaseSync(file);
  try {
    database.exec('pragma journal_mode = memory; begin exclusive');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
  chmodSync(file, 0o600);
  return () => database.close();
}

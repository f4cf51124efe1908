import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import { planOnBigTables } from './full-scans.ts';
import type { TestDatabase } from './postgres.ts';
import { mayScan } from './query-allowances.ts';
import type { QueryWatch } from './query-watch.ts';

/** Where a run keeps what it has planned: a file for each kind of statement, with the tables that were empty then. */
const openNotes = async () => {
  const folder = join(inject('runFolder'), 'planned-statements');
  await mkdir(folder, { recursive: true });
  const fileOf = (kind: string) => join(folder, createHash('sha256').update(kind).digest('hex'));
  return {
    /** Null when it was not planned yet. */
    read(kind: string): string[] | null {
      const file = fileOf(kind);
      return existsSync(file) ? readFileSync(file, 'utf8').split(' ').filter(Boolean) : null;
    },
    write: (kind: string, empty: readonly string[]) => writeFile(fileOf(kind), empty.join(' ')),
  };
};

/** Of what ran, what would read a big table from end to end; each kind is planned once a run, on the first full tables. */
const scans = async (watch: QueryWatch, database: TestDatabase): Promise<string[]> => {
  // Servers of a test's own may have been killed or have changed places.
  if (database.adminUrl !== undefined) return [];
  const notes = await openNotes();
  const asked = [...watch.texts].flatMap(([kind, text]) => {
    const empty = notes.read(kind);
    return mayScan(text) || empty?.length === 0 ? [] : [{ kind, text, planAgainUnlessEmpty: empty ?? [] }];
  });
  if (asked.length === 0) return [];
  const planned = await planOnBigTables(database, asked);
  const faults: string[] = [];
  for (const { kind, text } of asked) {
    const result = planned.get(text);
    if (!result) continue;
    if (result.fault === null) await notes.write(kind, result.empty);
    else faults.push(result.fault);
  }
  return faults;
};

/** What a scope ran too often, and what would read a big table from end to end, one sentence each. */
export const queryFaults = async (watch: QueryWatch, database: TestDatabase): Promise<string[]> => [
  ...watch.repeated(),
  ...(await scans(watch, database)),
];

/** Fails when a scope ran a statement per row, or a statement would read a big table from end to end. */
export const expectQueriesBehave = async (watch: QueryWatch, database: TestDatabase): Promise<void> => {
  const faults = await queryFaults(watch, database);
  expect(faults, faults.join('\n')).toEqual([]);
};

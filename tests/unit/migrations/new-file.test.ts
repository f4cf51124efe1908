import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createMigrationFile, migrationFiles } from '../../../src/migrations/index.ts';

const folderWith = async (...files: string[]): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const file of files) await writeFile(join(folder, file), '');
  return folder;
};

test('a new migration runs after all others', async () => {
  const folder = await folderWith('0009_rooms.sql', '0010_guests.sql', 'notes.md');
  const path = createMigrationFile('late_fees', folder);
  expect(basename(path)).toBe('0011_late_fees.sql');
  expect(migrationFiles(folder).at(-1)).toBe('0011_late_fees.sql');
  expect(await readFile(path, 'utf8')).toMatch(/^-- /);
});

test('the first one is number one', async () => {
  expect(basename(createMigrationFile('tenants', await folderWith()))).toBe('0001_tenants.sql');
});

test.for(['Late fees', '../escape', 'späte', '1st', ''])('%j is no name for one', async (name) => {
  const folder = await folderWith();
  expect(() => createMigrationFile(name, folder)).toThrow(/small letters, digits and underscores/);
  expect(migrationFiles(folder)).toEqual([]);
});

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import { type EmbeddedOptions, type EmbeddedPostgres, startEmbedded } from '../../src/embedded/index.ts';
import type {} from './global-setup.ts';

/** A new folder with a name that needs quoting, removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(inject('runFolder'), "d'été "));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Such a folder after a first start and a clean stop: a copy of one made once per run, which saves time. */
export async function preparedFolder(): Promise<string> {
  const prepared = join(inject('runFolder'), 'prepared');
  if (!existsSync(prepared)) await prepare(prepared);
  const copy = join(await temporaryFolder(), 'data');
  await promisify(execFile)('cp', ['-a', prepared, copy]);
  return copy;
}

/** Test files that run at the same time may both do this; the first one's stays. */
async function prepare(prepared: string): Promise<void> {
  const dataDir = await mkdtemp(`${prepared}-`);
  const embedded = await startEmbedded({ dataDir, durable: false, log: () => {} });
  await embedded.stop();
  await rename(dataDir, prepared).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY') throw error;
  });
}

export interface StartedEmbedded extends EmbeddedPostgres {
  lines: string[];
}

/** Starts the embedded PostgreSQL in this process and stops it after the test at the latest. */
export async function start(dataDir: string, options: Partial<EmbeddedOptions> = {}): Promise<StartedEmbedded> {
  const lines: string[] = [];
  const embedded = await startEmbedded({ dataDir, durable: false, log: (line) => lines.push(line), ...options });
  onTestFinished(() => embedded.stop());
  return { ...embedded, lines };
}

/** Runs one query on a connection of its own; the rows as the driver gives them. */
export async function query(url: string, sql: string): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Keeps one value in a table that only this test uses. */
export async function keepValue(url: string, value: number): Promise<void> {
  await query(url, `create table if not exists kept (value int); insert into kept values (${value})`);
}

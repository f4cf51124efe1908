import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../src/embedded/index.ts';
import { createRunFolder, removeAbandonedRunFolders } from './run-folder.ts';

export interface EmbeddedUrls {
  adminUrl: string;
  ownerUrl: string;
  primaryUrl: string;
  replicaUrls: string[];
}

declare module 'vitest' {
  export interface ProvidedContext {
    embedded: EmbeddedUrls;
    /** For temporary files; removed after the run. */
    runFolder: string;
  }
}

/** One primary and standby for the whole run, in a temporary folder that goes with it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandonedRunFolders();
  const runFolder = await createRunFolder();
  const remove = () => rm(runFolder, { recursive: true, force: true });
  const lines: string[] = [];
  try {
    const log = (line: string) => lines.push(line);
    const { stop, ...embedded } = await startEmbedded({
      dataDir: join(runFolder, 'servers'),
      durable: false,
      log,
      settings: { max_connections: '200' },
    });
    const { adminUrl, ownerUrl, primaryUrl, replicaUrls } = embedded;
    project.provide('runFolder', runFolder);
    project.provide('embedded', { adminUrl, ownerUrl, primaryUrl, replicaUrls });
    return () => stop().finally(remove);
  } catch (error) {
    console.error(lines.join('\n'));
    await remove();
    throw error;
  }
}

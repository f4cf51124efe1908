import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageArchitecture } from '../../../image/archive.ts';
import { run } from '../command.ts';
import { makeAll } from './make.ts';

/** The command with the archive where `{}` stands, or else at its end. */
const withArchive = (command: string, file: string): string =>
  command.includes('{}') ? command.replaceAll('{}', `'${file}'`) : `${command} '${file}'`;

/** Makes the images and hands each to the command that loads it into the cluster. */
export const loadImages = async (command: string, signal: AbortSignal): Promise<void> => {
  const architecture = imageArchitecture();
  if (!architecture)
    throw new Error('The images are made of this machine’s own programs: Linux on x64 or arm64 is needed.');
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-images-'));
  try {
    for (const file of await makeAll(folder, architecture))
      await run('sh', ['-c', withArchive(command, file)], { signal, timeoutMs: 180_000 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

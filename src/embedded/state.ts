import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writePrivateFile } from './private-file.ts';

const stateSchema = z.object({
  /** The process that runs the servers, while one does. */
  pid: z.number().int().positive().optional(),
  /** Where that process answers, once it does. */
  url: z.string().optional(),
  ports: z.object({ primary: z.number().int(), standby: z.number().int() }),
  passwords: z.object({ postgres: z.string(), owner: z.string(), app: z.string(), replication: z.string() }),
});

export type EmbeddedState = z.infer<typeof stateSchema>;

const STATE_FILE = 'embedded.json';

/** The state kept in a data folder; undefined when there is none or it cannot be understood. */
export async function readState(folder: string): Promise<EmbeddedState | undefined> {
  try {
    return stateSchema.safeParse(JSON.parse(await readFile(join(folder, STATE_FILE), 'utf8'))).data;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      return undefined;
    }
    throw error;
  }
}

/** Replaces the state file in one step; only the folder's owner can read it. */
export const writeState = (folder: string, state: EmbeddedState): Promise<void> =>
  writePrivateFile(folder, STATE_FILE, state);

/** A state with fresh passwords and no ports yet. */
export function newState(): EmbeddedState {
  const password = () => randomBytes(24).toString('base64url');
  return {
    ports: { primary: 0, standby: 0 },
    passwords: { postgres: password(), owner: password(), app: password(), replication: password() },
  };
}

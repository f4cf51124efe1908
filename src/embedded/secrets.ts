import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

const secretsSchema = z.strictObject({ DATA_KEY: z.string().min(32), AUTH_SECRET: z.string().min(32) });

export type Secrets = z.infer<typeof secretsSchema>;

const FILE = 'secrets.json';

/** The secrets of a data folder, made at the first call. Call it while the folder's servers run. */
export async function folderSecrets(dataDir: string): Promise<Secrets> {
  const kept = await readPrivateFile(dataDir, FILE);
  if (kept !== undefined) return secretsSchema.parse(kept);
  const secret = () => randomBytes(32).toString('base64url');
  const made = { DATA_KEY: secret(), AUTH_SECRET: secret() };
  await writePrivateFile(dataDir, FILE, made);
  return made;
}

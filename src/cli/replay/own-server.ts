import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { readPrivateFile, writePrivateFile } from '../../embedded/private-file.ts';
import { withApplication } from '../with-application.ts';

export interface OwnServer {
  url: string;
  apiKey: string;
  pid: number | undefined;
  /** The most memory that the process has had so far, in bytes; null where the system does not tell (other than Linux). */
  peakMemory(): number | null;
  stop(): Promise<void>;
}

const TENANT = 'replay';
const KEY_FILE = 'replay-key.json';
const keyFile = z.strictObject({ apiKey: z.string() }).optional();

const readyUrl = async (child: ChildProcess): Promise<string> => {
  if (!child.stderr) throw new Error('the server has no log');
  const said: string[] = [];
  const lines = createInterface({ input: child.stderr });
  for await (const line of lines) {
    said.push(line);
    const { msg, url } = JSON.parse(line.startsWith('{') ? line : '{}') as { msg?: string; url?: string };
    if (msg === 'ready' && url) return url;
  }
  throw new Error(`the server did not start:\n${said.slice(-10).join('\n')}`);
};

const ownerKey = async (dataDir: string): Promise<string> => {
  const kept = keyFile.parse(await readPrivateFile(dataDir, KEY_FILE));
  if (kept) return kept.apiKey;
  const apiKey = await withApplication({ dataDir }, async ({ application }) => {
    const tenant = await application.access.bootstrapTenant({ slug: TENANT, name: 'Replay' });
    return tenant.ownerKey;
  });
  await writePrivateFile(dataDir, KEY_FILE, { apiKey });
  return apiKey;
};

const peakMemoryOf = (pid: number | undefined): number | null => {
  try {
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return peak ? Number(peak) * 1024 : null;
  } catch {
    return null;
  }
};

const SETTINGS = { LOG_FORMAT: 'json', LOG_LEVEL: 'info', LOAD_SAMPLE: 'false', EMBEDDED_STANDBY: 'false' };

/** Starts `innkeeper serve` in a process of its own, on a free port and a clock that stands at `instant`, where one is given. */
export const startOwnServer = async (
  dataDir: string,
  instant?: string,
  settings: Record<string, string> = {},
): Promise<OwnServer> => {
  const clock = instant === undefined ? [] : ['--clock', instant];
  const program = join(import.meta.dirname, '../innkeeper.ts');
  const child = spawn(process.execPath, [program, 'serve', '--data-dir', dataDir, '--port', '0', ...clock], {
    env: { ...process.env, ...SETTINGS, ...settings },
    // By the channel the server learns that this process was ended, and stops as well.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  try {
    const url = await readyUrl(child);
    // The log goes on; unread it would fill the pipe and stop the server.
    child.stderr?.resume();
    return { url, apiKey: await ownerKey(dataDir), pid: child.pid, peakMemory: () => peakMemoryOf(child.pid), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

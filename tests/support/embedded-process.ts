import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

const urlsSchema = z.object({ primaryUrl: z.string(), ownerUrl: z.string(), replicaUrls: z.array(z.string()) });

export interface EmbeddedProcess {
  child: ChildProcess;
  /** The next line that the process prints. */
  nextLine(): Promise<string>;
  urls(): Promise<z.infer<typeof urlsSchema>>;
  /** Resolves once the process is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts the embedded PostgreSQL in a process group of its own, optionally as another user; killed after the test. */
export function spawnEmbedded(dataDir: string, identity: { uid?: number; gid?: number } = {}): EmbeddedProcess {
  const script = join(import.meta.dirname, 'embedded-child.ts');
  const child = spawn(process.execPath, [script, dataDir], {
    ...identity,
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString('utf8');
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`The process ended: ${errors}`);
    return value;
  };
  return {
    child,
    nextLine,
    urls: async () => urlsSchema.parse(JSON.parse(await nextLine())),
    async end(signal) {
      child.kill(signal);
      await exited;
    },
  };
}

/** The pids of the two servers, from the files they keep. */
export const serverPids = (dataDir: string): number[] =>
  ['primary', 'standby'].map((name) =>
    Number.parseInt(readFileSync(join(dataDir, name, 'postmaster.pid'), 'utf8'), 10),
  );

/** The pids of the shells that stop these servers when their parent dies. */
export function watchdogPids(servers: number[]): number[] {
  const wanted = new Set(servers.map((pid) => `innkeeper-watchdog\0${pid}\0`));
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => [...wanted].some((ending) => commandLine(pid).endsWith(ending)))
    .map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** A process that has ended but that nobody has waited for yet is not alive. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { locateBinaries } from '../../src/embedded/binaries.ts';
import { serverIdentity } from '../../src/embedded/identity.ts';
import { type EmbeddedPostgres, startEmbedded } from '../../src/embedded/index.ts';
import { type Server, startServer } from '../../src/embedded/server.ts';

export type Side = 'primary' | 'standby';

export interface RealServers extends EmbeddedPostgres {
  /** Sends a signal to all of the server's processes. */
  signal(side: Side, signal: NodeJS.Signals): Promise<void>;
  /** Starts a server that was killed, on its port. */
  restart(side: Side): Promise<void>;
  /** A superuser's statement on a side. */
  ask(side: Side, statement: string): Promise<Record<string, unknown>[]>;
}

const childrenOf = async (parent: number): Promise<number[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return pids.flatMap((pid, index) => {
    const [, parentOf] = /\) \S (\d+)/.exec(stats[index] ?? '') ?? [];
    return Number(parentOf) === parent ? [Number(pid)] : [];
  });
};

/** A durable primary and its standby, in processes of their own. */
export const startServers = async (dataDir: string): Promise<RealServers> => {
  const servers = await startEmbedded({ dataDir, durable: true, log: () => {} });
  const restarted: Server[] = [];
  const urlOf = (side: Side): string => {
    if (side === 'primary') return servers.adminUrl;
    const url = new URL(servers.adminUrl);
    url.port = new URL(servers.replicaUrls[0] ?? '').port;
    return url.href;
  };
  return {
    ...servers,
    async signal(side, signal) {
      const [line] = (await readFile(join(dataDir, side, 'postmaster.pid'), 'utf8')).split('\n');
      const postmaster = Number(line);
      for (const pid of [postmaster, ...(await childrenOf(postmaster))]) process.kill(pid, signal);
    },
    async restart(side) {
      const folder = join(dataDir, side);
      const identity = await serverIdentity(dataDir);
      const { postgres } = await locateBinaries(identity);
      for (let tries = 1; ; tries++) {
        try {
          const logFile = join(dataDir, `${side}.log`);
          restarted.push(await startServer({ postgres, folder, logFile, identity, onCrash: () => {} }));
          return;
        } catch (error) {
          // Processes of the killed one may still be ending.
          if (tries === 20) throw error;
          await delay(250);
        }
      }
    },
    async stop() {
      for (const server of restarted) await server.stop();
      await servers.stop();
    },
    async ask(side, statement) {
      const client = new pg.Client({ connectionString: urlOf(side), connectionTimeoutMillis: 5_000 });
      await client.connect();
      try {
        return (await client.query(statement)).rows;
      } finally {
        await client.end();
      }
    },
  };
};

/** Runs a program of the system's until the function that is answered is called; rejects when it is not there. */
export const runProgram = async (
  program: string,
  args: string[],
  identity?: { uid: number; gid: number },
): Promise<{ child: ChildProcess; stop(): Promise<void> }> => {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], ...identity });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await Promise.race([
    once(child, 'spawn'),
    once(child, 'error').then(([error]) => Promise.reject(new Error(`${program} is needed: ${error.message}`))),
  ]);
  return {
    child,
    async stop() {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      if (said.includes('FATAL')) throw new Error(said);
    },
  };
};

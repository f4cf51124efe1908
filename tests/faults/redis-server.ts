import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { freePort } from '../../src/embedded/ports.ts';
import { runProgram } from './servers.ts';

export const REDIS_PASSWORD = 'redis-password-of-the-tests';

export interface RealRedis {
  url: string;
  signal(signal: NodeJS.Signals): void;
  /** Ends it at once, and what it holds with it. */
  kill(): Promise<void>;
  /** Starts it empty, on its port. */
  start(): Promise<void>;
  /** As its administrator. */
  ask(...command: [string, ...string[]]): Promise<unknown>;
}

/** Debian's redis-server on a port of its own, until the test is over. */
export const startRedis = async (): Promise<RealRedis> => {
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-redis-'));
  const port = await freePort(0);
  const address = { host: '127.0.0.1', port };
  let program: Awaited<ReturnType<typeof runProgram>> | undefined;
  const ask = async (...command: [string, ...string[]]): Promise<unknown> => {
    const client = new Redis({ ...address, password: REDIS_PASSWORD, retryStrategy: () => 50 });
    client.on('error', () => {});
    try {
      const [name, ...args] = command;
      return await client.call(name, ...args);
    } finally {
      client.disconnect();
    }
  };
  const start = async (): Promise<void> => {
    program = await runProgram('redis-server', [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
      ...['--save', '', '--appendonly', 'no', '--requirepass', REDIS_PASSWORD],
    ]);
    await ask('ping');
  };
  const kill = async () => {
    const running = program;
    program = undefined;
    await running?.stop();
  };
  onTestFinished(async () => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  });
  await start();
  return {
    ...{ url: `redis://:${REDIS_PASSWORD}@127.0.0.1:${port}/0`, ask, start },
    signal: (signal) => void program?.child.kill(signal),
    async kill() {
      await kill();
    },
  };
};

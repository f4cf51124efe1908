import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startProgram } from '../../prometheus/src/programs.ts';
import { freePort } from '../../src/embedded/ports.ts';

export interface RedisServer {
  url: string;
  /** The file that it is started by. */
  settingsFile: string;
  /** Ends it, whoever has started it. */
  kill(): Promise<void>;
}

/** redis-server from PATH, which forgets all when it ends. */
export const startRedis = async (folder: string): Promise<RedisServer> => {
  const port = await freePort(0);
  const settingsFile = join(folder, 'redis.conf');
  await writeFile(settingsFile, `port ${port}\nbind 127.0.0.1\ndir ${folder}\nsave ""\nappendonly no\n`);
  const first = startProgram('redis-server', [settingsFile]);
  const once = async <T>(work: (client: Redis) => Promise<T>): Promise<T> => {
    const client = new Redis({ host: '127.0.0.1', port, retryStrategy: (times) => (times > 100 ? null : 50) });
    client.on('error', () => {});
    try {
      return await work(client);
    } finally {
      client.disconnect();
    }
  };
  await once((client) => client.ping());
  return {
    url: `redis://127.0.0.1:${port}/0`,
    settingsFile,
    async kill() {
      const client = new Redis({ host: '127.0.0.1', port, retryStrategy: () => null, maxRetriesPerRequest: 0 });
      client.on('error', () => {});
      await client.call('shutdown', 'nosave').catch(() => {});
      client.disconnect();
      await first.stop();
    },
  };
};

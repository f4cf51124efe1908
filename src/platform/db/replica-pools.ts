import type pg from 'pg';
import { cutterOf, SERVER_FACTS } from './pools.ts';
import { createReplicas, type Replica, type ReplicaListener, type Replicas, type ServerFacts } from './replicas.ts';

type OnConnect = (client: pg.ClientBase) => Promise<void>;

/** The replicas behind the URLs, each connection knowing which server it came to; those of an unreachable one are cut. */
export const openReplicaPools = (
  urls: readonly string[],
  makePool: (url: string, onConnect: OnConnect) => pg.Pool,
  onChange: ReplicaListener,
  answerWithinMs: number,
): { replicas: Replicas; serverOf: (client: pg.PoolClient) => Replica } => {
  const servers = new WeakMap<object, Replica>();
  const pools = urls.map((url) => {
    const pool: pg.Pool = makePool(url, async (client) => {
      const { rows } = await client.query<ServerFacts>({
        text: SERVER_FACTS,
        query_timeout: answerWithinMs,
      } as pg.QueryConfig);
      if (!rows[0]) return;
      const replica = replicas.known(pool, rows[0]);
      servers.set(client, replica);
      replica.connections += 1;
      client.once('end', () => {
        replica.connections -= 1;
      });
    });
    return pool;
  });
  const cutters = new Map(pools.map((pool) => [pool, cutterOf(pool)]));
  const replicas = createReplicas(pools, onChange, (pool) => cutters.get(pool)?.());
  return {
    replicas,
    serverOf(client) {
      const server = servers.get(client);
      if (!server) throw new Error('a connection whose server is not known');
      return server;
    },
  };
};

import pg from 'pg';
import { connectionTo } from './connection.ts';
import { endPool } from './pools.ts';

export interface SourceOptions {
  /** The primary and its replicas. */
  urls: string[];
  role: string;
  /** See SessionSettings. */
  pooled: boolean;
  applicationName: string;
  timeoutMs: number;
}

/** A way to each database beside the pools, so that a busy pool is not taken for a database that is gone. */
export interface Sources {
  /** What each database answers, primary first; one that does not answer in time is rejected. */
  ask<Row extends pg.QueryResultRow>(statement: string): Promise<Row[]>[];
  /** Runs `work` in a transaction on the primary that can't write and is rolled back, with the role taken. */
  look<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Connects when first asked, with one connection a database. */
export const openSources = ({ urls, role, pooled, applicationName, timeoutMs }: SourceOptions): Sources => {
  const pools = urls.map((url) =>
    new pg.Pool({
      ...connectionTo(url),
      max: 1,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
      application_name: `${applicationName}-readiness`,
      ...(!pooled && { options: `-c role=${role}` }),
    }).on('error', () => {}),
  );
  const ask = async <Row extends pg.QueryResultRow>(pool: pg.Pool, statement: string): Promise<Row[]> => {
    if (!pooled) return (await pool.query<Row>(statement)).rows;
    const message = `select set_config('role', ${pg.escapeLiteral(role)}, true); ${statement}`;
    const results = (await pool.query(message)) as unknown as pg.QueryResult<Row>[];
    return results.at(-1)?.rows ?? [];
  };
  return {
    ask: <Row extends pg.QueryResultRow>(statement: string) =>
      pools.map((pool) => {
        const answer = ask<Row>(pool, statement);
        // Not everyone waits for every database, and one that fails is no fault of who does not.
        answer.catch(() => {});
        return answer;
      }),
    async look(work) {
      const [primary] = pools;
      if (!primary) throw new Error('there is no primary');
      const client = await primary.connect();
      let broken = true;
      try {
        await client.query('begin read only');
        await client.query(`select set_config('role', $1, true)`, [role]);
        const answer = await work(client);
        await client.query('rollback');
        broken = false;
        return answer;
      } finally {
        client.release(broken);
      }
    },
    async close() {
      await Promise.all(pools.map(endPool));
    },
  };
};

import pg from 'pg';
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
  close(): Promise<void>;
}

/** Connects when first asked, with one connection a database. */
export const openSources = ({ urls, role, pooled, applicationName, timeoutMs }: SourceOptions): Sources => {
  const pools = urls.map((connectionString) =>
    new pg.Pool({
      connectionString,
      max: 1,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
      application_name: `${applicationName}-readiness`,
      ...(!pooled && { options: `-c role=${role}` }),
    }).on('error', () => {}),
  );
  return {
    ask: <Row extends pg.QueryResultRow>(statement: string) =>
      pools.map(async (pool) => {
        if (!pooled) return (await pool.query<Row>(statement)).rows;
        const message = `select set_config('role', ${pg.escapeLiteral(role)}, true); ${statement}`;
        const results = (await pool.query(message)) as unknown as pg.QueryResult<Row>[];
        return results.at(-1)?.rows ?? [];
      }),
    async close() {
      await Promise.all(pools.map(endPool));
    },
  };
};

import pg from 'pg';

const TIMEOUT_MS = 10_000;

/** Resolves once a replica has replayed all that the primary behind `primary` has written so far. */
export async function waitForReplay(primary: pg.Client, replicaUrl: string): Promise<void> {
  const position = await primary.query<{ lsn: string }>('select pg_current_wal_insert_lsn()::text as lsn');
  const lsn = position.rows[0]?.lsn;
  const url = new URL(replicaUrl);
  url.pathname = '/postgres';
  const replica = new pg.Client({ connectionString: url.href });
  await replica.connect();
  try {
    const deadline = performance.now() + TIMEOUT_MS;
    for (;;) {
      const { rows } = await replica.query<{ done: boolean }>('select pg_last_wal_replay_lsn() >= $1::pg_lsn as done', [
        lsn,
      ]);
      if (rows[0]?.done) return;
      if (performance.now() > deadline) throw new Error(`The standby has not replayed ${lsn} in ${TIMEOUT_MS} ms.`);
    }
  } finally {
    await replica.end();
  }
}

import pg from 'pg';
import { onTestFinished } from 'vitest';

/** Runs `statements` in a transaction that stays open until the returned function is called, or the test ends. */
export const openTransaction = async (url: string, statements: string): Promise<() => Promise<void>> => {
  const holder = new pg.Client({ connectionString: url });
  await holder.connect();
  await holder.query(`begin; ${statements}`);
  let released: Promise<void> | undefined;
  const release = () => {
    released ??= holder.end();
    return released;
  };
  onTestFinished(release);
  return release;
};

/** The same as the tenant. */
export const holdOpen = (url: string, tenantId: string, statement: string): Promise<() => Promise<void>> =>
  openTransaction(url, `select set_config('app.tenant', ${pg.escapeLiteral(tenantId)}, true); ${statement}`);

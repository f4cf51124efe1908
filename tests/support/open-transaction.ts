import pg from 'pg';
import { onTestFinished } from 'vitest';

/** Runs `statement` as the tenant in a transaction that stays open until the returned function is called, or the test ends. */
export const holdOpen = async (url: string, tenantId: string, statement: string): Promise<() => Promise<void>> => {
  const holder = new pg.Client({ connectionString: url });
  await holder.connect();
  await holder.query(`begin; select set_config('app.tenant', ${pg.escapeLiteral(tenantId)}, true); ${statement}`);
  let released: Promise<void> | undefined;
  const release = () => {
    released ??= holder.end();
    return released;
  };
  onTestFinished(release);
  return release;
};

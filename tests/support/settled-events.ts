import { expect } from 'vitest';
import type { TestDatabase } from './postgres.ts';
import { tenantRows } from './tenant-rows.ts';

/**
 * Resolves once no event of the tenant waits for an older transaction to end: those of other tests, on other databases of
 * the same server, count as well.
 */
export const settledEvents = (database: TestDatabase, tenantId: string): Promise<void> =>
  expect
    .poll(
      () =>
        tenantRows(
          database,
          tenantId,
          'select id from event where txid >= pg_snapshot_xmin(pg_current_snapshot()) limit 1',
        ),
      { timeout: 60_000, interval: 20 },
    )
    .toEqual([]);

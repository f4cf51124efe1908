import { sql } from 'kysely';
import { expect } from 'vitest';
import { createSearchIndexes, type SearchIndexes } from '../../../src/features/availability/search-index/index.ts';
import type { TenantIndex } from '../../../src/features/availability/search-index/tenant-index.ts';
import type { ConsistencyToken } from '../../../src/kernel/consistency-token.ts';
import type { Database } from '../../../src/platform/db/database.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import type { TestApp } from '../../support/app.ts';

export const openIndexes = (
  app: TestApp,
  changes: { database?: Database; maxBytes?: number; maxLagMs?: number; onFault?: (error: unknown) => void } = {},
): SearchIndexes =>
  createSearchIndexes({
    database: app.application.database,
    clock: app.clock,
    wakeups: app.application.wakeups,
    maxBytes: 200e6,
    maxLagMs: 2_000,
    onFault: () => {},
    ...changes,
  });

/** Where the primary stands now: a token that covers all that was committed. */
export const presentToken = async (app: TestApp, tenantId: string): Promise<ConsistencyToken> => {
  const scope = newScope(tenantId);
  await app.application.database.read(scope, 'primary', (db) => sql`select 1`.execute(db));
  const { seen } = scope.versions;
  if (!seen) throw new Error('a read that does not know its position');
  return seen;
};

/** The tenant's index, once it has all that is committed now. */
export const indexInStep = async (app: TestApp, indexes: SearchIndexes, tenantId: string): Promise<TenantIndex> => {
  const token = await presentToken(app, tenantId);
  const index = indexes.of(tenantId);
  if (!index) throw new Error('the tenant gets no index');
  await expect.poll(() => index.inStep(token, app.clock.nowMs()), { timeout: 10_000, interval: 5 }).not.toBeNull();
  return index;
};

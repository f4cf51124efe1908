import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { newScope } from '../../../src/platform/db/scope.ts';
import { startApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
afterEach(() => vi.restoreAllMocks());

/** Loses its race as often as told, then answers how often it was run. */
const race = async (losses: number): Promise<number> => {
  let runs = 0;
  return app.application.database.transaction(newScope(null), async ({ sql: db }) => {
    runs += 1;
    if (runs <= losses) await sql`do $$ begin raise exception 'lost' using errcode = '40001'; end $$`.execute(db);
    return runs;
  });
};

test('a race that was lost is run again after a pause by lot, four times at most', async () => {
  const lots = vi.spyOn(Math, 'random').mockReturnValue(0.999);
  const startedAt = performance.now();
  expect(await race(4)).toBe(5);
  expect(lots).toHaveBeenCalledTimes(4);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(4 + 9 + 19 + 39);
  await expect(race(5)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
});

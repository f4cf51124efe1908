import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deadlineIn } from '../../../src/platform/db/deadline.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { testMigrate } from '../../support/app.ts';
import { startFreezingProxy } from '../../support/freezing-proxy.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { opened } from '../reads/opened.ts';

let servers: TestDatabase;
beforeAll(async () => {
  servers = await createDatabase(testMigrate);
});
afterAll(() => servers.drop());

const SOON_MS = 8_000;
const STATEMENT_TIMEOUT_MS = 20_000;

/** A database whose checks come too late to notice anything, behind a network that can be made to hang. */
const overNetwork = async (statementTimeoutMs = STATEMENT_TIMEOUT_MS) => {
  const network = await startFreezingProxy(servers.primaryUrl);
  const urls = { primaryUrl: network.url, replicaUrls: [] };
  const { database } = await opened(urls, { checkMs: 60_000 }, { statementTimeoutMs });
  return { network, database };
};

const timed = async (work: Promise<unknown>) => {
  const startedAt = performance.now();
  const error: unknown = await work.catch((fault: unknown) => fault);
  return { error, ms: performance.now() - startedAt };
};

test.each([
  ['first', 0],
  ['second', 1],
])('a transaction whose %s statement is never answered ends soon after the request’s deadline', async (_, answered) => {
  const { network, database } = await overNetwork();
  const scope = newScope(null, null, { deadline: deadlineIn(1_000, STATEMENT_TIMEOUT_MS) });
  const { error, ms } = await timed(
    database.transaction(scope, async ({ sql: db }) => {
      for (let at = 0; at < answered; at++) await sql`select 1`.execute(db);
      network.freeze();
      await sql`select 1`.execute(db);
    }),
  );
  expect(error).toMatchObject({
    code: expect.stringMatching(/^(DEADLINE_EXCEEDED|DATABASE_UNAVAILABLE)$/),
    retryable: true,
  });
  expect(ms).toBeLessThan(SOON_MS);
});

test('a commit that is never answered is given up soon after its usual time', async () => {
  const { network, database } = await overNetwork(500);
  const { error, ms } = await timed(
    database.transaction(newScope(null), async ({ sql: db }) => {
      await sql`select 1`.execute(db);
      network.freeze();
    }),
  );
  expect(error).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
  expect(ms).toBeLessThan(SOON_MS);
});

test('statements of a snapshot may take as long as they are given', async () => {
  const { database } = await overNetwork(200);
  const slow = database.snapshot(newScope(null), 10_000, (db) => sql`select pg_sleep(1.5)`.execute(db));
  expect((await slow).rows).toHaveLength(1);
});

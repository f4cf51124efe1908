import { afterAll, beforeAll, expect, it } from 'vitest';
import { blocksOf, readRunbooks } from '../../observability/runbooks.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { onConnection, superuserUrl } from '../../support/superuser.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
afterAll(() => app.close());

const statements = readRunbooks().flatMap((runbook) =>
  [...blocksOf(runbook, 'Look here first', 'sh'), ...blocksOf(runbook, 'Mend', 'sh')]
    .flatMap((block) => [...block.matchAll(/^psql "\$\w+" -c "([^"]*)"/gm)])
    .map(([, statement = '']) => ({ name: runbook.name, statement: statement.trim() })),
);

it('there are some', () => {
  expect(statements.length).toBeGreaterThan(10);
});

it.each(statements)('PostgreSQL takes the statement of $name: $statement', async ({ statement }) => {
  await expect(onConnection(superuserUrl(app.database), `prepare asked as ${statement}`)).resolves.toEqual([]);
});

import pg from 'pg';
import type { Stage } from './stage.ts';

/** Runs statements in a transaction that stays open until whoever ends it from outside, or `opened` does. */
export const holdOpen = async (
  opened: AsyncDisposableStack,
  url: string,
  statements: readonly string[],
): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  // Being ended from outside is what it is for.
  client.on('error', () => {});
  await client.connect();
  opened.defer(() => client.end().catch(() => {}));
  for (const statement of ['begin', ...statements]) await client.query(statement);
};

/** The tenant's statements see its rows. */
export const asTenant = (tenantId: string): string =>
  `select set_config('app.tenant', ${pg.escapeLiteral(tenantId)}, true)`;

/** The superuser's statement in the product's database. */
export const asSuperuser = async ({ servers }: Pick<Stage, 'servers'>, statement: string): Promise<void> => {
  const url = new URL(servers.adminUrl);
  url.pathname = new URL(servers.ownerUrl).pathname;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};

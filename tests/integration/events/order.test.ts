import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
afterAll(() => app.close());

it('pages of events follow their transactions by number, also where these gain a digit', async () => {
  const { client, tenantId } = await app.tenant('numbers');
  const transactions = ['9', '10', '99', '100'];
  await tenantRows(
    app.database,
    tenantId,
    `insert into event (id, txid, type, payload, at)
     select gen_random_uuid(), t.txid::xid8, t.txid, '{}', $2 from unnest($1::text[]) with ordinality t (txid, n) order by n`,
    [transactions, '2026-03-01Z'],
  );
  const seen: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < transactions.length; page++) {
    const { items, ...rest } = await client.events.list.query({ limit: 1, ...(cursor ? { cursor } : {}) });
    seen.push(...items.map(({ type }) => type));
    cursor = rest.cursor;
    expect(rest.hasMore).toBe(page < transactions.length - 1);
  }
  expect(seen).toEqual(transactions);
});

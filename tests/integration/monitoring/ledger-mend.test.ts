import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkLedger } from '../../../src/features/monitoring/index.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { blocksOf, readRunbooks } from '../../observability/runbooks.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { createHotel, holdRoom, key } from '../../support/hotel.ts';
import { onConnection } from '../../support/superuser.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { expectLedgerClean } from '../../support/verify.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
afterAll(() => app.close());

/** What the runbook feeds to psql, with its variable filled in. */
const mendFor = (tenantId: string): string => {
  const commands = readRunbooks()
    .filter(({ name }) => name === 'LedgerFaults')
    .flatMap((runbook) => blocksOf(runbook, 'Mend', 'sh'));
  const [, statements = ''] = /<<'SQL'\n(.*)^SQL$/ms.exec(commands[0] ?? '') ?? [];
  return statements.replaceAll(":'tenant'", `'${tenantId}'`);
};

it('the runbook sets counters right by the lines, of the tenant that it is told and no other', async () => {
  const { client, tenantId } = await app.tenant('out-of-step');
  const hotel = await createHotel(client);
  const { id: bookingId } = await holdRoom(client, hotel, '2026-04-01', '2026-04-04');
  await client.bookings.confirm.mutate({ bookingId, idempotencyKey: key() });
  await holdRoom(client, hotel, '2026-04-02', '2026-04-03');
  const damage = `update inventory_night set held = 1, sold = 0 where tenant_id = app.tenant() and night between '2026-04-01' and '2026-04-05'`;
  await tenantRows(app.database, tenantId, damage);
  expect(await checkLedger(app.application.database, systemClock)).toBeGreaterThan(0);

  await onConnection(app.database.ownerUrl, mendFor((await app.tenant('untouched')).tenantId));
  expect(await checkLedger(app.application.database, systemClock)).toBeGreaterThan(0);

  await onConnection(app.database.ownerUrl, mendFor(tenantId));
  await expectLedgerClean(app);
});

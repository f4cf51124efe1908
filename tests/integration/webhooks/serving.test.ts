import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { listeningTenant, receiver } from './listening-tenant.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '', WEBHOOK_ALLOW_PRIVATE: 'true' } });
});
afterAll(() => app.close());

it('the lease of a killed worker lasts by the machine’s time, wherever the clock stands', async () => {
  const { tenantId, book, listen, deliver } = await listeningTenant(app, 'killed');
  const { url, messages } = await receiver();
  await listen(url, ['booking.confirmed']);
  /** Of a worker that is no more, until so long from now. */
  const lease = (seconds: number) =>
    tenantRows(
      app.database,
      tenantId,
      `update webhook_endpoint set leased_by = gen_random_uuid(), leased_until = clock_timestamp() + make_interval(secs => $1)
       where tenant_id = app.tenant()`,
      [seconds],
    );
  await lease(60);
  await book();
  app.clock.advanceTo('2026-03-02T13:00:00.000Z');
  await deliver();
  expect(messages).toHaveLength(0);
  // Months ahead of the clock still.
  await lease(-1);
  await deliver();
  expect(messages).toHaveLength(1);
});

it('what comes due while another delivery hangs is sent within about a second, also when nobody says so', async () => {
  const { book, listen, tell, deliveries } = await listeningTenant(app, 'unannounced');
  const hang = Promise.withResolvers<void>();
  let hanging = 'the first';
  let failures = 1;
  const { url, messages } = await receiver(async ({ text }) => {
    if (text.includes(hanging)) await hang.promise;
    return failures-- > 0 ? 503 : 204;
  });
  const { id: endpointId } = await listen(url, ['booking.confirmed']);
  hanging = (await book()).id;
  await book();
  await tell();
  const failed = async () => (await deliveries(endpointId)).find(({ attempts }) => attempts.length > 0);
  await expect.poll(failed).toMatchObject({ state: 'pending' });
  expect(messages.map(({ status }) => status)).toEqual([503]);
  app.clock.advanceTo((await failed())?.nextTryAt ?? '');
  await expect.poll(() => messages.map(({ status }) => status), { timeout: 5_000 }).toEqual([503, 204]);
  hang.resolve();
  await app.application.deliverer.settled();
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { key } from '../../support/hotel.ts';
import { refusalOf } from '../../support/refusal.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { listeningTenant, receiver } from './listening-tenant.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    settings: { DATABASE_REPLICA_URLS: '', WEBHOOK_ALLOW_PRIVATE: 'true', WEBHOOK_ENDPOINTS: '1' },
  });
});
afterAll(() => app.close());

it('a removed endpoint is there for nobody, though its log is not deleted yet, and makes room for another', async () => {
  const { client, tenantId, book, listen, deliver } = await listeningTenant(app, 'invisible');
  const { url } = await receiver();
  const { id: endpointId } = await listen(url);
  await book();
  await deliver();
  const change = () => ({ endpointId, idempotencyKey: key() });
  expect(await client.webhooks.remove.mutate(change())).toEqual({ endpointId });

  const { webhooks } = client;
  const [from, until] = ['2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'];
  const refusals = [
    webhooks.get.query({ endpointId }),
    webhooks.deliveries.query({ endpointId }),
    webhooks.update.mutate({ ...change(), active: true }),
    webhooks.rotateSecret.mutate(change()),
    webhooks.replay.mutate({ ...change(), from, until }),
    webhooks.test.mutate({ endpointId }),
    webhooks.remove.mutate(change()),
  ].map(refusalOf);
  expect(await Promise.all(refusals)).toMatchObject(
    Array(refusals.length).fill({ code: 'NOT_FOUND', fields: [{ path: 'endpointId' }] }),
  );
  expect(await webhooks.list.query({})).toMatchObject({ items: [] });
  const log = await tenantRows(app.database, tenantId, 'select from webhook_delivery where tenant_id = app.tenant()');
  expect(log.length).toBeGreaterThan(0);
  const { id } = await listen(url);
  expect((await webhooks.list.query({})).items.map((one) => one.id)).toEqual([id]);
});

it('nothing is sent to a removed endpoint: not what waits to be tried again, nor what happens later', async () => {
  const { client, tenantId, book, listen, deliver } = await listeningTenant(app, 'silent');
  const { url, messages } = await receiver(() => 503);
  const { id: endpointId } = await listen(url, ['booking.confirmed']);
  await book();
  await book();
  await deliver();
  expect(messages).toHaveLength(2);
  await client.webhooks.remove.mutate({ endpointId, idempotencyKey: key() });
  await book();
  app.clock.advanceTo('2026-03-03T12:00:00.000Z');
  await deliver();
  expect(messages).toHaveLength(2);
  const count = `select count(*)::int from webhook_delivery where tenant_id = app.tenant() and state = 'pending'`;
  expect(await tenantRows(app.database, tenantId, count)).toEqual([{ count: 2 }]);
});

it('a try that is under way while its endpoint is removed is followed by no other, and its answer by no event', async () => {
  const { client, book, listen, tell, deliver } = await listeningTenant(app, 'under-way');
  const hang = Promise.withResolvers<void>();
  let begun = 0;
  const { url } = await receiver(async () => {
    begun += 1;
    await hang.promise;
    return 410;
  });
  const { id: endpointId } = await listen(url, ['booking.confirmed', 'booking.cancelled']);
  const { id: bookingId } = await book();
  await tell();
  await app.application.deliverer.serveAll();
  await expect.poll(() => begun).toBe(1);
  await client.bookings.cancel.mutate({ bookingId, idempotencyKey: key() });
  await tell();
  await client.webhooks.remove.mutate({ endpointId, idempotencyKey: key() });
  hang.resolve();
  await app.application.deliverer.settled();
  await deliver();
  expect(begun).toBe(1);
  const { items } = await client.events.list.query({ limit: 100 });
  expect(items.map(({ type }) => type)).not.toContain('webhook.disabled');
});

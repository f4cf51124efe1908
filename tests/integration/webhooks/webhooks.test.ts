import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { webhookMessages } from '../../../src/features/webhooks/index.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { key } from '../../support/hotel.ts';
import { refusalOf } from '../../support/refusal.ts';
import { settledEvents } from '../../support/settled-events.ts';
import { listeningTenant, receiver } from './listening-tenant.ts';

const HOUR_MS = 3_600_000;

let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    settings: { DATABASE_REPLICA_URLS: '', WEBHOOK_ALLOW_PRIVATE: 'true', WEBHOOK_ENDPOINTS: '3' },
  });
});
afterAll(() => app.close());

const newTenant = (slug: string) => listeningTenant(app, slug);

it('an event reaches the endpoints that want it, signed, with ids and facts and no personal data', async () => {
  const { client, book, listen, deliver, deliveries } = await newTenant('signed');
  const { url, messages } = await receiver();
  const { id: endpointId, secret } = await listen(url, ['booking.confirmed']);
  const booking = await book();
  await client.bookings.cancel.mutate({ bookingId: booking.id, idempotencyKey: key() });
  await deliver();
  expect(messages).toHaveLength(1);
  const [message] = messages;
  if (!message || !secret) throw new Error('nothing came');
  const { items } = await client.events.list.query({ bookingId: booking.id });
  expect(JSON.parse(message.text)).toEqual({
    ...{ id: items[0]?.id, type: 'booking.confirmed', version: 1, timestamp: items[0]?.at },
    ...{ bookingId: booking.id, bookingSeq: 1, data: items[0]?.payload },
  });
  expect(message.id).toBe(items[0]?.id);
  const signedAt = new Date(Number(message.headers['webhook-timestamp']) * 1_000);
  expect(message.headers['webhook-signature']).toBe(new Webhook(secret).sign(message.id, signedAt, message.text));
  expect(message.text).not.toContain('Ana');
  expect(await deliveries(endpointId)).toMatchObject([
    { state: 'delivered', eventId: message.id, attempts: [{ status: 204, error: null, answer: '' }] },
  ]);
});

it('after a rotation both secrets sign for a day, and a second rotation waits for its end', async () => {
  const { client, book, listen, deliver } = await newTenant('rotation');
  const { url, messages } = await receiver();
  const { id: endpointId, secret: old } = await listen(url, ['booking.confirmed']);
  const { secret } = await client.webhooks.rotateSecret.mutate({ endpointId, idempotencyKey: key() });
  expect(await refusalOf(client.webhooks.rotateSecret.mutate({ endpointId, idempotencyKey: key() }))).toMatchObject({
    code: 'ROTATED_ALREADY',
  });
  await book();
  await deliver();
  app.clock.advanceTo(new Date(app.clock.nowMs() + 25 * HOUR_MS).toISOString());
  await book();
  await deliver();
  const signers = messages.map(({ id, text, headers }) => {
    const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
    const given = String(headers['webhook-signature']).split(' ');
    return [old, secret].map((one) => given.includes(new Webhook(one ?? '').sign(id, at, text)));
  });
  expect(signers).toEqual([
    [true, true],
    [false, true],
  ]);
});

it('a failed delivery is tried later and later for three days, holds up its own booking only, and the endpoint is then switched off with an event', async () => {
  const { client, tenantId, book, listen, deliver, deliveries } = await newTenant('failing');
  let broken = '';
  const { url, messages } = await receiver(({ text }) => (text.includes(broken) ? 503 : 204));
  const { id: endpointId } = await listen(url);
  const first = await book();
  broken = first.id;
  await client.bookings.cancel.mutate({ bookingId: first.id, idempotencyKey: key() });
  await deliver();
  const second = await book();
  await deliver();
  const about = (bookingId: string) => messages.filter(({ text }) => text.includes(bookingId));
  expect(about(first.id).map(({ status }) => status)).toEqual([503]);
  expect(about(second.id).map(({ status }) => status)).toEqual([204]);

  const begun = app.clock.nowMs();
  for (let tries = 2; tries <= 13; tries++) {
    const [pending] = (await deliveries(endpointId)).filter(
      ({ state, attempts }) => state === 'pending' && attempts.length > 0,
    );
    app.clock.advanceTo(pending?.nextTryAt ?? '');
    await deliver();
    expect(about(first.id)).toHaveLength(tries);
  }
  expect((app.clock.nowMs() - begun) / HOUR_MS).toBeGreaterThan(60);
  expect((app.clock.nowMs() - begun) / HOUR_MS).toBeLessThan(85);
  const endpoint = await client.webhooks.get.query({ endpointId });
  expect(endpoint).toMatchObject({ active: false, disabledReason: expect.stringContaining('Nothing has reached it') });
  await settledEvents(app.database, tenantId);
  const { items } = await client.events.list.query({ limit: 100 });
  expect(items.at(-1)).toMatchObject({ type: 'webhook.disabled', payload: { endpointId } });
  const dead = (await deliveries(endpointId)).filter(({ state }) => state === 'dead');
  expect(dead).toMatchObject([
    { bookingId: first.id, attempts: expect.arrayContaining([expect.objectContaining({ status: 503 })]) },
  ]);

  broken = 'nothing';
  await client.webhooks.update.mutate({ endpointId, active: true, idempotencyKey: key() });
  await client.webhooks.replay.mutate({ endpointId, deliveryId: dead[0]?.id ?? '', idempotencyKey: key() });
  await deliver();
  expect(
    about(first.id)
      .slice(-2)
      .map(({ text }) => (JSON.parse(text) as { type: string }).type),
  ).toEqual(['booking.confirmed', 'booking.cancelled']);
});

it('a delivery that hangs holds up no other booking of its endpoint', async () => {
  const { client, tell, book, listen, deliveries } = await newTenant('hanging');
  const hang = Promise.withResolvers<void>();
  let hanging = 'the first';
  const { url, messages } = await receiver(async ({ text }) => {
    if (text.includes(hanging)) await hang.promise;
    return 204;
  });
  const { id: endpointId } = await listen(url, ['booking.confirmed']);
  const first = await book();
  hanging = first.id;
  await tell();
  await app.application.deliverer.serveAll();
  const second = await book();
  await tell();
  await expect.poll(() => messages.map(({ text }) => text.includes(second.id)), { timeout: 5_000 }).toEqual([true]);
  hang.resolve();
  await app.application.deliverer.settled();
  expect((await deliveries(endpointId)).map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  expect(await client.webhooks.get.query({ endpointId })).toMatchObject({ failingSince: null });
});

it('a replay is not undone by a try that was under way when it was asked for', async () => {
  const { client, tenantId, book, listen, deliver, deliveries } = await newTenant('overtaken');
  const hang = Promise.withResolvers<void>();
  let begun = 0;
  const { url, messages } = await receiver(async () => {
    begun += 1;
    if (begun === 2) await hang.promise;
    return begun > 2 ? 204 : 503;
  });
  const { id: endpointId } = await listen(url, ['booking.confirmed']);
  await book();
  await deliver();
  const [failed] = await deliveries(endpointId);
  app.clock.advanceTo(failed?.nextTryAt ?? '');
  await settledEvents(app.database, tenantId);
  await app.application.deliverer.serveAll();
  await expect.poll(() => begun).toBe(2);
  await client.webhooks.replay.mutate({ endpointId, deliveryId: failed?.id ?? '', idempotencyKey: key() });
  hang.resolve();
  await app.application.deliverer.settled();
  expect(messages.map(({ status }) => status)).toEqual([503, 503, 204]);
  expect(await deliveries(endpointId)).toMatchObject([{ state: 'delivered' }]);
});

it('an endpoint that is gone gets nothing more', async () => {
  const { client, book, listen, deliver } = await newTenant('gone');
  const { url, messages } = await receiver(() => 410);
  const { id: endpointId } = await listen(url, ['booking.confirmed']);
  await book();
  await deliver();
  await book();
  await deliver();
  expect(messages).toHaveLength(1);
  expect(await client.webhooks.get.query({ endpointId })).toMatchObject({ active: false });
});

it('a range is sent again, also what happened before the endpoint was made', async () => {
  const { client, book, listen, deliver } = await newTenant('range');
  const from = app.clock.nowIso();
  const booking = await book();
  app.clock.advanceTo(new Date(app.clock.nowMs() + 60_000).toISOString());
  const until = app.clock.nowIso();
  await book();
  const { url, messages } = await receiver();
  const { id: endpointId } = await listen(url, ['booking.confirmed']);
  await client.webhooks.update.mutate({ endpointId, active: false, idempotencyKey: key() });
  await deliver();
  await client.webhooks.update.mutate({ endpointId, active: true, idempotencyKey: key() });
  const replay = () => client.webhooks.replay.mutate({ endpointId, from, until, idempotencyKey: key() });
  expect([await replay(), await replay()]).toEqual([{ deliveries: 1 }, { deliveries: 1 }]);
  await deliver();
  expect(messages.map(({ text }) => (JSON.parse(text) as { bookingId: string }).bookingId)).toEqual([booking.id]);
});

it('a test message tells at once what came of it', async () => {
  const { client, listen } = await newTenant('test');
  const { url, messages } = await receiver(() => 418);
  const { id: endpointId } = await listen(url);
  expect(await client.webhooks.test.mutate({ endpointId })).toMatchObject({
    delivered: false,
    attempt: { status: 418, error: null, answer: 'status 418' },
  });
  const message = JSON.parse(messages[0]?.text ?? '');
  expect(message).toMatchObject({ type: 'webhook.test', bookingId: null, data: { endpointId } });
  expect(webhookMessages.find(({ type }) => type === message.type)?.body.safeParse(message).success).toBe(true);
});

it('a tenant’s tests under way are limited, which says that trying again helps and keeps no other tenant from testing', async () => {
  const { client, listen } = await newTenant('many-tests');
  const hang = Promise.withResolvers<void>();
  let underWay = 0;
  const { url } = await receiver(async () => {
    underWay += 1;
    await hang.promise;
    return 204;
  });
  const { id: endpointId } = await listen(url);
  const test = () => client.webhooks.test.mutate({ endpointId });
  const running = Array.from({ length: 8 }, test);
  await expect.poll(() => underWay).toBe(8);
  expect(await refusalOf(test())).toMatchObject({ httpStatus: 429, code: 'TOO_MANY_TESTS', retryable: true });
  const other = await newTenant('other-tests');
  const { id: otherId } = await other.listen((await receiver()).url);
  expect(await other.client.webhooks.test.mutate({ endpointId: otherId })).toMatchObject({ delivered: true });
  hang.resolve();
  expect(await Promise.all(running)).toMatchObject(Array(8).fill({ delivered: true }));
  expect(await test()).toMatchObject({ delivered: true });
});

it('unknown events, bad addresses and too many endpoints are refused with what to do', async () => {
  const { client, listen } = await newTenant('refused');
  const create = (url: string, eventTypes?: string[]) =>
    refusalOf(
      client.webhooks.create.mutate({
        url,
        ...(eventTypes ? { eventTypes: eventTypes as never } : {}),
        idempotencyKey: key(),
      }),
    );
  expect(await create('https://example.com', ['booking.eaten'])).toMatchObject({
    ...{ httpStatus: 400, code: 'INVALID_INPUT' },
    fields: [{ path: 'eventTypes.0', message: expect.stringContaining('booking.confirmed') }],
  });
  expect(await create('ftp://example.com')).toMatchObject({ httpStatus: 400, code: 'INVALID_ADDRESS' });
  for (let made = 0; made < 3; made++) await listen('https://example.com/hooks');
  expect(await create('https://example.com')).toMatchObject({ httpStatus: 409, code: 'TOO_MANY_ENDPOINTS' });
});

it('an address that is not public is refused unless settings allow it, when it is given and when it is dialled', async () => {
  const { url, messages } = await receiver();
  const { client, listen, book, deliver, tenantId } = await newTenant('private');
  await listen(url);
  const strict = await startApp({ database: app.database, verified: false, instant: app.clock.nowIso() });
  onTestFinished(strict.close);
  const refused = await refusalOf(
    strict.client((await strict.tenant('strict')).ownerKey).webhooks.create.mutate({ url, idempotencyKey: key() }),
  );
  expect(refused).toMatchObject({ httpStatus: 400, code: 'ADDRESS_NOT_ALLOWED', fields: [{ path: 'url' }] });
  await book();
  await settledEvents(app.database, tenantId);
  await strict.application.dispatcher.tell(tenantId);
  await strict.application.deliverer.serveAll();
  await strict.application.deliverer.settled();
  expect(messages).toEqual([]);
  await deliver();
  const [endpoint] = (await client.webhooks.list.query({})).items;
  const { items } = await client.webhooks.deliveries.query({ endpointId: endpoint?.id ?? '' });
  expect(items.every(({ attempts }) => attempts[0]?.error === 'ADDRESS_NOT_ALLOWED')).toBe(true);
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { PUBLISHABLE_PERMISSIONS } from '../../../src/kernel/permissions.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { createHotel, createProperty, key } from '../../support/hotel.ts';
import { asked, stay } from '../../support/stays.ts';
import { hire, signIn } from '../access/staff.ts';
import { follow, hastyClient } from './follower.ts';
import { openStream } from './raw-stream.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '', STREAM_ACCESS_CHECK_MS: '50' } });
});
afterAll(() => app.close());

const bookingsOf = (url: string, apiKey: string, input = {}) =>
  follow((observer) => hastyClient(url, apiKey).bookings.changes.subscribe(input, observer));

it('a subscriber sees its own tenant’s bookings only', async () => {
  const [ours, theirs] = await Promise.all([app.tenant('ours'), app.tenant('theirs')]);
  const [ourHotel, theirHotel] = await Promise.all([createHotel(ours.client), createHotel(theirs.client)]);
  const follower = await bookingsOf(app.url, ours.ownerKey);
  await theirs.client.bookings.create.mutate(asked(stay(theirHotel, '2026-05-01', '2026-05-02')));
  const { id } = await ours.client.bookings.create.mutate(asked(stay(ourHotel, '2026-05-01', '2026-05-02')));
  const [first] = await follower.first(1);
  expect(first?.data.bookingId).toBe(id);
});

it('a booker sees its own bookings only, live and from the past', async () => {
  const tenant = await app.tenant('bookers');
  const hotel = await createHotel(tenant.client, { physicalRooms: 9 });
  await Promise.all([hire(tenant, 'ana', 'booker'), hire(tenant, 'ben', 'booker')]);
  const ana = await signIn(app, 'bookers', 'ana');
  const ben = await signIn(app, 'bookers', 'ben');
  const { cursor: lastEventId } = await tenant.client.events.list.query({ limit: 100 });
  const live = await bookingsOf(app.url, ana.accessToken);
  const book = async (client = tenant.client) =>
    (await client.bookings.create.mutate(asked(stay(hotel, '2026-05-01', '2026-05-02')))).id;
  await book();
  await book(ben.client);
  const anas = [await book(ana.client), await book(ana.client)];
  const past = await bookingsOf(app.url, ana.accessToken, { lastEventId });
  for (const follower of [live, past]) {
    expect((await follower.first(2)).map(({ data }) => data.bookingId)).toEqual(anas);
  }
});

it('events come by property, booking and type as asked for, in the shape that events.list gives', async () => {
  const { client, ownerKey } = await app.tenant('filters');
  const [here, there] = await Promise.all([createHotel(client), createHotel(client)]);
  const { cursor } = await client.events.list.query({ limit: 100 });
  const [all, ofHere, cancelled] = await Promise.all([
    bookingsOf(app.url, ownerKey),
    bookingsOf(app.url, ownerKey, { propertyId: here.propertyId }),
    bookingsOf(app.url, ownerKey, { types: ['booking.cancelled'] }),
  ]);
  await createProperty(client);
  const first = await client.bookings.create.mutate(asked(stay(there, '2026-05-01', '2026-05-02')));
  const second = await client.bookings.create.mutate(asked(stay(here, '2026-05-01', '2026-05-02')));
  const ofFirst = await bookingsOf(app.url, ownerKey, { bookingId: first.id, lastEventId: cursor });
  await client.bookings.cancel.mutate({ bookingId: second.id, idempotencyKey: key() });
  await client.bookings.cancel.mutate({ bookingId: first.id, idempotencyKey: key() });

  const seen = await all.first(4);
  const { items } = await client.events.list.query({ cursor, limit: 100 });
  const booked = items.filter(({ bookingId }) => bookingId !== null);
  expect(seen.map(({ data }) => data)).toEqual(booked);
  const [a, b, c, d] = booked.map(({ id }) => id);
  expect((await ofHere.first(2)).map(({ data }) => data.id)).toEqual([b, c]);
  expect((await cancelled.first(2)).map(({ data }) => data.id)).toEqual([c, d]);
  expect((await ofFirst.first(2)).map(({ data }) => data.id)).toEqual([a, d]);
});

it('a publishable key learns which nights to look at again, and nothing of bookings', async () => {
  const { client } = await app.tenant('web');
  const hotel = await createHotel(client);
  const { secret } = await client.apiKeys.create.mutate({
    name: 'Web pages',
    kind: 'publishable',
    permissions: [...PUBLISHABLE_PERMISSIONS],
    idempotencyKey: key(),
  });
  const stream = await openStream(app.url, 'availability.changes', { roomTypeId: hotel.roomTypeId }, secret);
  const other = await createHotel(client);
  await client.bookings.create.mutate(asked(stay(other, '2026-04-01', '2026-04-02')));
  await client.bookings.create.mutate(
    asked(stay(hotel, '2026-05-01', '2026-05-03'), stay(hotel, '2026-05-01', '2026-05-03')),
  );
  await client.rates.setPrices.mutate({
    ratePlanId: hotel.ratePlanId,
    entries: [{ roomTypeIds: [hotel.roomTypeId], from: '2026-06-01', until: '2026-06-05', price: 9_000 }],
    idempotencyKey: key(),
  });
  const roomTypeIds = [hotel.roomTypeId];
  const [booked, priced] = [
    { roomTypeIds, from: '2026-05-01', until: '2026-05-03' },
    { roomTypeIds, from: '2026-06-01', until: '2026-06-05' },
  ];
  const seen: unknown[] = [];
  while (!JSON.stringify(seen).includes(priced.from)) {
    seen.push(JSON.parse((await stream.next('message'))?.data ?? ''));
  }
  const at = app.clock.nowIso();
  // What was committed right before may come as well.
  expect(seen.slice(-2)).toEqual([
    { propertyId: hotel.propertyId, nights: [booked], at },
    { propertyId: hotel.propertyId, nights: [priced], at },
  ]);
  expect(JSON.stringify(seen)).not.toContain(other.propertyId);
  const refused = await openStream(app.url, 'bookings.changes', {}, secret);
  expect(await refused.error()).toMatchObject({ code: 'FORBIDDEN', details: { permission: 'bookings:read' } });
});

it('who says nothing of itself, or asks for what is not there, is told so', async () => {
  const { ownerKey } = await app.tenant('refusals');
  const codeOf = async (path: string, input: unknown, credentials: string | null) =>
    (await (await openStream(app.url, path, input, credentials)).error()).code;
  expect(await codeOf('bookings.changes', {}, null)).toBe('UNAUTHENTICATED');
  expect(await codeOf('bookings.changes', {}, 'no-key')).toBe('INVALID_CREDENTIALS');
  expect(await codeOf('bookings.changes', { types: ['property.changed'] }, ownerKey)).toBe('INVALID_INPUT');
  const roomTypeId = '01980000-0000-7000-8000-000000000001';
  expect(await codeOf('availability.changes', { roomTypeId }, ownerKey)).toBe('NOT_FOUND');
});

it('a subscription is a GET, and says which request it is', async () => {
  const { ownerKey } = await app.tenant('methods');
  const posted = await fetch(`${app.url}/trpc/bookings.changes`, { method: 'POST', body: '{}' });
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET']);
  expect(await posted.json()).toMatchObject({ error: { code: 'METHOD_NOT_SUPPORTED', retryable: false } });
  const { response } = await openStream(app.url, 'bookings.changes', {}, ownerKey, { 'x-request-id': 'my-request-7' });
  expect(response.headers.get('x-request-id')).toBe('my-request-7');
});

it('a stream ends when its key is revoked, its user signs out or loses the permission', async () => {
  const tenant = await app.tenant('leavers');
  const { client } = tenant;
  const { secret, id: apiKeyId } = await client.apiKeys.create.mutate({
    name: 'Screen',
    kind: 'secret',
    permissions: ['bookings:read'],
    idempotencyKey: key(),
  });
  const [finn] = await Promise.all([hire(tenant, 'finn'), hire(tenant, 'eva')]);
  const [evas, finns] = [await signIn(app, 'leavers', 'eva'), await signIn(app, 'leavers', 'finn')];
  const streams = await Promise.all(
    [secret, evas.accessToken, finns.accessToken].map((given) => openStream(app.url, 'bookings.changes', {}, given)),
  );
  await client.apiKeys.revoke.mutate({ apiKeyId, idempotencyKey: key() });
  await evas.client.auth.signOut.mutate({});
  await client.users.update.mutate({ userId: finn.id, role: 'housekeeping', idempotencyKey: key() });
  const errors = await Promise.all(streams.map((stream) => stream.error()));
  expect(errors.map(({ code }) => code)).toEqual(['INVALID_CREDENTIALS', 'INVALID_CREDENTIALS', 'FORBIDDEN']);
});

it('a stream whose user may see its own bookings only from now on ends with a code to go on after, and then leaves out the others', async () => {
  const tenant = await app.tenant('narrowed');
  const hotel = await createHotel(tenant.client);
  const { id: userId } = await hire(tenant, 'gil');
  const { accessToken, client } = await signIn(app, 'narrowed', 'gil');
  const { cursor: lastEventId } = await tenant.client.events.list.query({ limit: 100 });
  const stream = await openStream(app.url, 'bookings.changes', {}, accessToken);
  await tenant.client.users.update.mutate({ userId, role: 'booker', idempotencyKey: key() });
  expect(await stream.error()).toMatchObject({ code: 'ACCESS_CHANGED', retryable: true });

  const nights = stay(hotel, '2026-05-01', '2026-05-02');
  await tenant.client.bookings.create.mutate(asked(nights));
  const { id: own } = await client.bookings.create.mutate(asked(nights));
  const again = await openStream(app.url, 'bookings.changes', { lastEventId }, accessToken);
  expect(JSON.parse((await again.next('message'))?.data ?? '')).toMatchObject({ bookingId: own });
});

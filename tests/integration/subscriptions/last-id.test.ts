import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeCursor } from '../../../src/kernel/wire.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { createHotel } from '../../support/hotel.ts';
import { asked, stay } from '../../support/stays.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { follow, hastyClient } from './follower.ts';
import { openStream } from './raw-stream.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
afterAll(() => app.close());

it('an id that is too old is refused with the oldest one to go on from, which works', async () => {
  const { client, ownerKey, tenantId } = await app.tenant('forgetful');
  const hotel = await createHotel(client);
  const { cursor: lastEventId } = await client.events.list.query({ limit: 1 });
  await tenantRows(
    app.database,
    tenantId,
    'insert into event_retention (txid, position) select txid, position from event order by txid desc, position desc limit 1',
  );
  const { id } = await client.bookings.create.mutate(asked(stay(hotel, '2026-05-01', '2026-05-02')));
  const live = hastyClient(app.url, ownerKey).bookings.changes;
  const refusal = await follow((observer) => live.subscribe({ lastEventId }, observer)).then(
    () => null,
    (error) => error,
  );
  expect(refusal).toMatchObject({ code: 'EVENTS_GONE', retryable: false, fields: [{ path: 'lastEventId' }] });
  const oldest = String(refusal.details.oldest);
  const follower = await follow((observer) => live.subscribe({ lastEventId: oldest }, observer));
  const [first] = await follower.first(1);
  expect(first?.data.bookingId).toBe(id);
});

it.each([
  ['not base64', '%%%'],
  ['not a position', encodeCursor(['abc', 1])],
  ['beyond any transaction id', encodeCursor(['99999999999999999999', 1])],
  ['of another list', encodeCursor(['2026-01-01', 'x', null])],
])('an id that is %s is refused as the caller’s fault, also when an EventSource sends it', async (_, lastEventId) => {
  const { ownerKey } = await app.tenant(`broken-${Math.abs(hash(lastEventId))}`);
  const asInput = await openStream(app.url, 'availability.changes', { lastEventId }, ownerKey);
  const asHeader = await openStream(app.url, 'availability.changes', {}, ownerKey, { 'last-event-id': lastEventId });
  for (const stream of [asInput, asHeader]) {
    expect(await stream.error()).toMatchObject({
      code: 'INVALID_CURSOR',
      httpStatus: 400,
      retryable: false,
      fields: [{ path: 'lastEventId' }],
    });
  }
});

it('an id that nothing has come as far as, such as another database’s, is refused like one that is too old', async () => {
  const { ownerKey } = await app.tenant('restored');
  const lastEventId = encodeCursor([String(2n ** 62n), 1]);
  const stream = await openStream(app.url, 'availability.changes', { lastEventId }, ownerKey);
  expect(await stream.error()).toMatchObject({ code: 'EVENTS_GONE', httpStatus: 404, details: {} });
});

const hash = (text: string): number => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Client, clientOf, startApp, type TestApp, type TestTenant, testMigrate } from '../../support/app.ts';
import { createHotel, type Hotel, key } from '../../support/hotel.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asked, stay } from '../../support/stays.ts';
import { createTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

let database: TestDatabase;
let toDatabase: TcpProxy;
let app: TestApp;
let toServer: TcpProxy;
let tenant: TestTenant;
let hotel: Hotel;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
  toDatabase = await createTcpProxy(database.primaryUrl);
  app = await startApp({ database: { ...database, primaryUrl: toDatabase.url, replicaUrls: [] } });
  toServer = await createTcpProxy(app.url);
  tenant = await app.tenant('answers');
});
beforeEach(async () => {
  hotel = await createHotel(tenant.client, { physicalRooms: 2 });
});
afterEach(() => toDatabase.heal());
afterAll(async () => {
  await toServer.close();
  await app.close();
  await toDatabase.close();
  await database.drop();
});

const COMMIT = 'commit; ';
const written = () =>
  tenantRows(
    database,
    tenant.tenantId,
    `select (select count(*)::integer from booking where property_id = $1) as bookings,
       (select count(*)::integer from event e join booking b on b.id = e.booking_id where b.property_id = $1) as events,
       (select sum(held + sold)::integer from inventory_night n join room_type t on t.id = n.room_type_id
        where t.property_id = $1) as nights`,
    [hotel.propertyId],
  );

interface Call {
  name: string;
  call: (client: Client) => Promise<unknown>;
  after: { bookings: number; events: number; nights: number };
}

const CALLS: [string, () => Promise<Call>][] = [
  [
    'create',
    async () => {
      const input = asked(stay(hotel, '2026-05-01', '2026-05-03'));
      return {
        name: 'create',
        call: ({ bookings }) => bookings.create.mutate(input),
        after: { bookings: 1, events: 1, nights: 2 },
      };
    },
  ],
  [
    'hold',
    async () => {
      const input = asked(stay(hotel, '2026-05-01', '2026-05-03'));
      return {
        name: 'hold',
        call: ({ bookings }) => bookings.hold.mutate(input),
        after: { bookings: 1, events: 1, nights: 2 },
      };
    },
  ],
  [
    'confirm',
    async () => {
      const { id } = await tenant.client.bookings.hold.mutate(asked(stay(hotel, '2026-05-01', '2026-05-03')));
      const input = { bookingId: id, idempotencyKey: key() };
      return {
        name: 'confirm',
        call: ({ bookings }) => bookings.confirm.mutate(input),
        after: { bookings: 1, events: 2, nights: 2 },
      };
    },
  ],
  [
    'cancel',
    async () => {
      const { id } = await tenant.client.bookings.create.mutate(asked(stay(hotel, '2026-05-01', '2026-05-03')));
      const input = { bookingId: id, idempotencyKey: key() };
      return {
        name: 'cancel',
        call: ({ bookings }) => bookings.cancel.mutate(input),
        after: { bookings: 1, events: 2, nights: 0 },
      };
    },
  ],
];

it.each(CALLS)(
  '%s: when the database’s answer to the commit is lost, the server finds out what it was',
  async (_name, prepare) => {
    const { call, after } = await prepare();
    const before = toDatabase.cuts;
    toDatabase.loseAnswer(COMMIT);
    const answer = await call(tenant.client);
    expect(toDatabase.cuts).toBe(before + 1);
    expect(await written()).toEqual([after]);
    expect(await call(tenant.client)).toEqual(answer);
  },
);

it.each(CALLS)('%s: when the commit itself is lost, it is done again, once', async (_name, prepare) => {
  const { call, after } = await prepare();
  const before = toDatabase.cuts;
  toDatabase.loseMessage(COMMIT);
  await call(tenant.client);
  expect(toDatabase.cuts).toBe(before + 1);
  expect(await written()).toEqual([after]);
});

it.each(CALLS)('%s: when the client never hears the answer, its retry does', async (name, prepare) => {
  const { call, after } = await prepare();
  const client = clientOf(toServer.url, tenant.ownerKey);
  const before = toServer.cuts;
  toServer.loseAnswer(`/trpc/bookings.${name}`);
  await expect(call(client)).rejects.toThrow('fetch failed');
  expect(toServer.cuts).toBe(before + 1);
  expect(await written()).toEqual([after]);
  const answer = await call(client);
  expect(answer).toEqual(await call(tenant.client));
  expect(await written()).toEqual([after]);
});

it.each(CALLS)(
  '%s: when the database is gone after the commit, it says to try again, and that answers',
  async (_name, prepare) => {
    const { call, after } = await prepare();
    toDatabase.loseAnswer(COMMIT);
    toDatabase.stayDown();
    const refused = await refusalOf(call(tenant.client));
    expect(refused).toMatchObject({ httpStatus: 503, code: 'DATABASE_UNAVAILABLE', retryable: true });
    expect(await written()).toEqual([after]);
    toDatabase.heal();
    expect(await call(tenant.client)).toEqual(await call(tenant.client));
    expect(await written()).toEqual([after]);
  },
);

it('connections that break at the start of a transaction are not missing later', async () => {
  const more = Number(app.config.DATABASE_POOL_SIZE) + 2;
  for (let count = 0; count < more; count++) {
    toDatabase.loseMessage('begin; ');
    const lines = asked(stay(hotel, '2026-06-01', '2026-06-02'));
    const { id } = await tenant.client.bookings.hold.mutate(lines);
    await tenant.client.bookings.cancel.mutate({ bookingId: id, idempotencyKey: key() });
  }
  const all = Array.from({ length: more }, () => tenant.client.bookings.list.query({}));
  expect(await Promise.all(all)).toHaveLength(more);
});

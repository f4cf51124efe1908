import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addDays, nightsOf } from '../../../src/kernel/dates.ts';
import { startApp, type TestApp, type TestTenant, testMigrate } from '../../support/app.ts';
import { createHotel, createRoomType, type Hotel, key } from '../../support/hotel.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { asked, roomsLeft, stay } from '../../support/stays.ts';
import { asSuperuser, onConnection, superuserUrl } from '../../support/superuser.ts';
import { createTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { whileLocked } from '../access/while-locked.ts';
import { directBookings, outcomesOf } from './direct-bookings.ts';
import { whileNightIsHeld } from './held-night.ts';
import { pick, seeded } from './random.ts';

let database: TestDatabase;
let toDatabase: TcpProxy;
let app: TestApp;
let tenant: TestTenant;
let hotel: Hotel;
let other: Hotel;
let direct: ReturnType<typeof directBookings>;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
  toDatabase = await createTcpProxy(database.primaryUrl);
  app = await startApp({ database: { ...database, primaryUrl: toDatabase.url, replicaUrls: [] } });
  tenant = await app.tenant('together');
});
beforeEach(async () => {
  hotel = await createHotel(tenant.client, { physicalRooms: 4 });
  other = await createHotel(tenant.client);
  direct = directBookings(app, tenant.tenantId, { most: 16, atOnce: 1 });
});
afterAll(async () => {
  await app.close();
  await toDatabase.close();
  await database.drop();
});

const NIGHT = '2026-05-01';
const one = (arrival = NIGHT, nights = 1) => asked(stay(hotel, arrival, addDays(arrival, nights)));
const left = (nights = 1) => roomsLeft(tenant.client, hotel, NIGHT, addDays(NIGHT, nights));

/** Calls that meet in one batch, since another one is under way when they come. */
const inOneBatch = <T>(...calls: (() => Promise<T>)[]): Promise<T>[] => {
  void direct.create(asked(stay(other, NIGHT, '2026-05-02')));
  return calls.map((call) => call());
};

/** How many bookings of the hotel each transaction has made, and how much of what goes with them there is. */
const written = async () => {
  const rows = await tenantRows<{ bookings: number }>(
    database,
    tenant.tenantId,
    `select count(*)::integer as bookings from event e join booking b on b.id = e.booking_id
     where b.property_id = $1 and e.booking_seq = 1 group by e.txid order by e.txid`,
    [hotel.propertyId],
  );
  const [all] = await tenantRows(
    database,
    tenant.tenantId,
    `select count(*)::integer as bookings, count(g.id)::integer as guests, count(k.guest_id)::integer as keys,
       sum((select count(*) from booking_line l where l.booking_id = b.id))::integer as lines,
       sum((select count(*) from audit_entry a where a.entity_id = b.id))::integer as audits,
       sum((select count(*) from idempotency_key i where i.guest_id = b.booker_id))::integer as answers
     from booking b left join guest g on g.id = b.booker_id left join guest_key k on k.guest_id = g.id
     where b.property_id = $1`,
    [hotel.propertyId],
  );
  return { batches: rows.map(({ bookings }) => bookings), all };
};
const whole = (count: number) => ({
  ...{ bookings: count, guests: count, keys: count, lines: count, audits: count, answers: count },
});

it('a call that meets nobody goes at once, and those that come meanwhile go together', async () => {
  const calls = Array.from({ length: 4 }, () => direct.create(one()));
  expect(await outcomesOf(calls)).toEqual(Array(4).fill('confirmed'));
  expect(await written()).toEqual({ batches: [1, 3], all: whole(4) });
});

it('of a crowd with stays of all lengths everyone is served in turn, until the rooms of a night are gone', async () => {
  const random = seeded(7);
  const sold = new Map<string, number>();
  const stays = Array.from({ length: 60 }, () => ({ arrival: addDays(NIGHT, random(6)), nights: 1 + random(4) }));
  const expected = stays.map(({ arrival, nights }, index) => {
    const wanted = nightsOf(arrival, addDays(arrival, nights));
    if (wanted.some((night) => (sold.get(night) ?? 0) >= 4)) return 'NOT_AVAILABLE';
    for (const night of wanted) sold.set(night, (sold.get(night) ?? 0) + 1);
    return index % 2 ? 'held' : 'confirmed';
  });
  const calls = stays.map(({ arrival, nights }, index) =>
    index % 2 ? direct.hold(one(arrival, nights)) : direct.create(one(arrival, nights)),
  );
  expect(await outcomesOf(calls)).toEqual(expected);
  expect(await left(9)).toEqual(nightsOf(NIGHT, addDays(NIGHT, 9)).map((night) => 4 - (sold.get(night) ?? 0)));
  const served = expected.filter((outcome) => outcome !== 'NOT_AVAILABLE').length;
  expect(await written()).toMatchObject({ all: whole(served) });
});

it('processes that fight over the last rooms sell exactly those, and write nothing for the others', async () => {
  const more = [1, 2, 3].map(() => directBookings(app, tenant.tenantId));
  const random = seeded(8);
  hotel = await createHotel(tenant.client, { physicalRooms: 40 });
  const outcomes = await outcomesOf(Array.from({ length: 120 }, () => pick(random, more).create(one())));
  expect(outcomes.toSorted()).toEqual([...Array(80).fill('NOT_AVAILABLE'), ...Array(40).fill('confirmed')]);
  expect(await left()).toEqual([0]);
  expect(await written()).toMatchObject({ all: whole(40) });
});

it('when rooms go while a batch is under way, those who came first get what is left', async () => {
  const { calls } = await whileLocked(
    database,
    {
      text: 'update inventory_night set physical = 2 where room_type_id = $1 and night = $2',
      values: [hotel.roomTypeId, NIGHT],
      waiting: 1,
    },
    () => inOneBatch(...Array.from({ length: 4 }, () => () => direct.create(one()))),
  );
  const [, , third] = calls;
  await expect(third).rejects.toMatchObject({
    details: { shortages: [{ roomTypeId: hotel.roomTypeId, night: NIGHT, problem: 'sold_out', available: 0 }] },
  });
  expect(await outcomesOf(calls)).toEqual(['confirmed', 'confirmed', 'NOT_AVAILABLE', 'NOT_AVAILABLE']);
  expect(await written()).toEqual({ batches: [2], all: whole(2) });
});

describe('in one batch', () => {
  it('twins get one booking and one answer, and another body under their key is a conflict', async () => {
    const request = one();
    const calls = inOneBatch(
      () => direct.create(request),
      () => direct.create(request),
      () => direct.create({ ...request, notes: 'late arrival' }),
      () => direct.hold(request),
      () => direct.create(one()),
    );
    const [first, twin] = await Promise.all(calls.slice(0, 2));
    expect(twin).toEqual(first);
    expect(await outcomesOf(calls)).toEqual([
      ...['confirmed', 'confirmed', 'IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_KEY_REUSED', 'confirmed'],
    ]);
    expect(await written()).toEqual({ batches: [2], all: whole(2) });
  });

  it('a refused call keeps nobody from using its key for another request', async () => {
    await Promise.all(Array.from({ length: 4 }, () => direct.create(one())));
    const request = one();
    const calls = inOneBatch(
      () => direct.create(request),
      () => direct.create({ ...one('2026-05-02'), idempotencyKey: request.idempotencyKey }),
    );
    expect(await outcomesOf(calls)).toEqual(['NOT_AVAILABLE', 'confirmed']);
  });

  it('a retry is answered what it was told, and takes no room from those behind it', async () => {
    const request = one();
    const told = await direct.create(request);
    const calls = inOneBatch(() => direct.create(request), ...Array(3).fill(() => direct.create(one())));
    expect(await outcomesOf(calls)).toEqual(Array(4).fill('confirmed'));
    expect(await calls[0]).toEqual(told);
    expect(await left()).toEqual([0]);
  });

  it('each request that can’t be booked is refused by itself', async () => {
    const calls = inOneBatch(
      () => direct.create(one('2026-01-01')),
      () => direct.create(asked(stay({ ...hotel, ratePlanId: key() }, NIGHT, '2026-05-02'))),
      () => direct.create(asked(stay(hotel, NIGHT, '2026-05-02', { adults: 3 }))),
      () => direct.create(one()),
    );
    expect(await outcomesOf(calls)).toEqual(['PAST_ARRIVAL', 'NOT_FOUND', 'OVER_CAPACITY', 'confirmed']);
    expect(await written()).toEqual({ batches: [1], all: whole(1) });
  });

  it('every caller may rely on reading what it wrote', async () => {
    const callers = [direct.caller(), direct.caller(), direct.caller()];
    await Promise.all(inOneBatch(...callers.map((caller) => () => direct.create(one(), caller))));
    const [first, ...more] = callers.map(({ scope }) => scope.versions.asked);
    expect(first).toMatchObject({ lsn: expect.any(String) });
    expect(more).toEqual([first, first]);
    const counts = callers.map(({ scope }) => scope.statistics.count);
    expect(new Set(counts)).toEqual(new Set([4]));
  });
});

it('a key that another transaction holds is waited for by its own call only', async () => {
  const request = one();
  const { calls } = await whileLocked(
    database,
    {
      text: 'select pg_advisory_xact_lock(hashtextextended($1::text || $2, 0))',
      values: [tenant.tenantId, request.idempotencyKey],
      waiting: 1,
    },
    () => {
      const calls = inOneBatch(
        () => direct.create(request),
        () => direct.create(one()),
      );
      return [calls[0], calls[1]].map(async (call) => (await call)?.state);
    },
  );
  expect(await Promise.all(calls)).toEqual(['confirmed', 'confirmed']);
  expect(await written()).toMatchObject({ batches: [1, 1], all: whole(2) });
});

it('a call that the database fails on fails alone', async () => {
  await asSuperuser(
    database,
    `create function public.fail() returns trigger language plpgsql as
       $$ begin raise exception 'no guest of this name'; end $$;
     create trigger fail before insert on guest for each row when (new.name = 'Poison') execute function public.fail()`,
  );
  const calls = inOneBatch(
    () => direct.create(one()),
    () => direct.create({ ...one(), booker: { name: 'Poison' } }),
    () => direct.create(one()),
  );
  expect(await outcomesOf(calls)).toEqual(['confirmed', expect.stringContaining('no guest of this name'), 'confirmed']);
  expect(await left()).toEqual([2]);
  expect(await written()).toMatchObject({ all: whole(2) });
});

it('a name that is no proper text is stored as one, as ever', async () => {
  const created = await direct.create({ ...one(), booker: { name: 'Ana \ud800' } });
  const [row] = await tenantRows(database, tenant.tenantId, 'select name from guest where id = $1', [
    created.booker.guestId,
  ]);
  expect(row).toEqual({ name: 'Ana \ufffd' });
});

it('a night that somebody keeps locked holds up its own calls, and no other night', async () => {
  const [locked, free] = await whileNightIsHeld(
    database,
    { roomTypeId: hotel.roomTypeId, night: NIGHT },
    () => direct.create(one()),
    () => direct.create(one('2026-05-02')),
  );
  expect([locked.state, free.state]).toEqual(['confirmed', 'confirmed']);
}, 5_000);

it.each([
  ['the commit’s answer', () => toDatabase.loseAnswer('commit; ')],
  ['the commit', () => toDatabase.loseMessage('commit; ')],
  ['the answer to the writing', () => toDatabase.loseAnswer('"guest_keys"')],
])('when %s is lost, every call of the batch is answered what became of it', async (_name, lose) => {
  const requests = Array.from({ length: 6 }, () => one());
  const [first, ...more] = requests;
  if (!first) throw new Error('six requests were made');
  const before = toDatabase.cuts;
  const calls = [direct.create(first)];
  lose();
  calls.push(...more.map((request) => direct.create(request)));
  const outcomes = await outcomesOf(calls);
  expect(outcomes).toEqual([...Array(4).fill('confirmed'), 'NOT_AVAILABLE', 'NOT_AVAILABLE']);
  expect(toDatabase.cuts).toBe(before + 1);
  expect(await written()).toMatchObject({ all: whole(4) });
  const again = await Promise.all(requests.slice(0, 4).map((request) => direct.create(request)));
  expect(again).toEqual(await Promise.all(calls.slice(0, 4)));
});

it('room types of one property that are booked at once in either order never wait in a circle', async () => {
  const { id } = await createRoomType(tenant.client, hotel.propertyId, { name: 'Suite', physicalRooms: 50 });
  await tenant.client.rates.setPrices.mutate({
    ratePlanId: hotel.ratePlanId,
    entries: [{ roomTypeIds: [id], from: '2026-01-01', until: '2027-01-01', price: 30_000 }],
    idempotencyKey: key(),
  });
  const types = [hotel, { ...hotel, roomTypeId: id }];
  const servers = [1, 2].map(() => directBookings(app, tenant.tenantId));
  const calls = Array.from({ length: 80 }, (_, index) => {
    const [type, server] = [types[(index >> 1) % 2], servers[index % 2]];
    if (!type || !server) throw new Error('there are two of each');
    return server.create(asked(stay(type, NIGHT, '2026-05-03')));
  });
  const outcomes = await outcomesOf(calls);
  expect(outcomes.filter((outcome) => outcome === 'confirmed')).toHaveLength(44);
  const [row] = await onConnection<{ deadlocks: string }>(
    superuserUrl(database),
    'select deadlocks::text from pg_stat_database where datname = current_database()',
  );
  expect(row).toEqual({ deadlocks: '0' });
});

import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, type Hotel, key } from '../../support/hotel.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asked, stay } from '../../support/stays.ts';
import { superuserUrl } from '../../support/superuser.ts';

let app: TestApp;
let tenant: TestTenant;
let hotel: Hotel;
let superuser: pg.Client;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('private');
  hotel = await createHotel(tenant.client);
  superuser = new pg.Client({ connectionString: superuserUrl(app.database) });
  await superuser.connect();
});
afterAll(async () => {
  await superuser.end();
  await app.close();
});

const booker = { name: 'Zéphyrine Quillfeather', email: 'z.quillfeather@example.org', phone: '+351 912 000 777' };
const TRACES = ['Quillfeather', '912 000 777', '912000777'];

/** Tables of which some row shows one of the words, as text or as the bytes of it. */
const tablesWith = async (words: string[]): Promise<string[]> => {
  const { rows: tables } = await superuser.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`,
  );
  const patterns = words.flatMap((word) => [word, Buffer.from(word).toString('hex')]).map((text) => `%${text}%`);
  const found: string[] = [];
  for (const { name } of tables) {
    const { rowCount } = await superuser.query(`select from ${name} t where t::text ilike any ($1) limit 1`, [
      patterns,
    ]);
    if (rowCount) found.push(name);
  }
  return found;
};

it('who booked stands in clear in the guest’s row and nowhere else, after every kind of call', async () => {
  const { bookings } = tenant.client;
  const request = () => ({ ...asked(stay(hotel, '2026-03-02', '2026-03-04')), booker });
  const on = (bookingId: string) => ({ bookingId, idempotencyKey: key() });
  const held = await bookings.hold.mutate(request());
  const replacing = await bookings.hold.mutate({ ...request(), replacesHold: held.id });
  await bookings.confirm.mutate(on(replacing.id));
  await bookings.checkIn.mutate(on(replacing.id));
  await bookings.checkOut.mutate(on(replacing.id));
  await bookings.cancel.mutate(on((await bookings.create.mutate(request())).id));
  await bookings.noShow.mutate(on((await bookings.create.mutate(request())).id));
  expect(await tablesWith(TRACES)).toEqual(['guest']);
});

it('the search for it would find it', async () => {
  await superuser.query('begin');
  await superuser.query(`update idempotency_key set answer = convert_to('{"name":"Quillfeather"}', 'UTF8')`);
  await superuser.query(`update audit_entry set after = '{"phone":"912 000 777"}'`);
  expect(await tablesWith(TRACES)).toEqual(['audit_entry', 'guest', 'idempotency_key']);
  await superuser.query('rollback');
});

it('once a guest’s key is gone a retry tells only that, and other guests’ retries go on', async () => {
  const [erased, other] = [
    asked(stay(hotel, '2026-06-01', '2026-06-03')),
    asked(stay(hotel, '2026-06-01', '2026-06-03')),
  ];
  const booking = await tenant.client.bookings.create.mutate(erased);
  const theirs = await tenant.client.bookings.create.mutate(other);
  await superuser.query('delete from guest_key where guest_id = $1', [booking.booker.guestId]);
  await superuser.query('update guest set erased_at = created_at where id = $1', [booking.booker.guestId]);
  expect(await refusalOf(tenant.client.bookings.create.mutate(erased))).toMatchObject({
    ...{ httpStatus: 404, code: 'GUEST_ERASED', retryable: false },
  });
  expect(await tenant.client.bookings.create.mutate(other)).toEqual(theirs);
});

it('the same data is sealed differently each time, and a digest gives a request away to nobody without the key', async () => {
  const request = asked(stay(hotel, '2026-07-01', '2026-07-02'));
  const again = { ...request, idempotencyKey: key() };
  await tenant.client.bookings.create.mutate(request);
  await tenant.client.bookings.create.mutate(again);
  const { rows } = await superuser.query<{ answer: Buffer; request_mac: Buffer }>(
    'select answer, request_mac from idempotency_key where key in ($1, $2)',
    [request.idempotencyKey, again.idempotencyKey],
  );
  const [first, second] = rows;
  expect(first?.answer.equals(second?.answer ?? Buffer.alloc(0))).toBe(false);
  expect(first?.request_mac.equals(second?.request_mac ?? Buffer.alloc(0))).toBe(true);
  expect(first?.request_mac).toHaveLength(32);
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, type Hotel, key } from '../../support/hotel.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asked, stay } from '../../support/stays.ts';

let app: TestApp;
let tenant: TestTenant;
let hotel: Hotel;
/** Ids by the booker's first name, in the order in which they booked. */
const ids: Record<string, string> = {};
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('finding');
  hotel = await createHotel(tenant.client, { physicalRooms: 9 });
  const book = async (name: string, arrival: string, departure: string, changes: object = {}, email?: string) => {
    app.clock.advanceTo(new Date(app.clock.nowMs() + 1_000).toISOString());
    const booker = { name, phone: '+351 21 000 00 01', ...(email ? { email } : {}) };
    const booking = await tenant.client.bookings.create.mutate({
      ...{ ...asked(stay(hotel, arrival, departure)), booker, ...changes },
    });
    ids[name.split(' ')[0] ?? ''] = booking.id;
    return booking;
  };
  await book('Ana Silva', '2026-05-01', '2026-05-04', { channel: 'web', country: 'PT' }, 'Ana@Example.org');
  await book(
    'Élise Martin',
    '2026-05-03',
    '2026-05-05',
    { externalRef: 'OTA-77', channel: 'ota' },
    'elise@example.org',
  );
  await book('Elif Yılmaz', '2026-05-10', '2026-05-11', { notes: 'quiet room' });
  await tenant.client.bookings.cancel.mutate({ bookingId: ids.Elif ?? '', idempotencyKey: key() });
});
afterAll(() => app.close());

type ListInput = Parameters<Client['bookings']['list']['query']>[0];
const list = (input: ListInput) => tenant.client.bookings.list.query(input);
const named = async (input: ListInput) => {
  const { items } = await list(input);
  return items.map(({ id }) => Object.keys(ids).find((name) => ids[name] === id));
};

describe('bookings.list', () => {
  it.each<[string, () => ListInput, string[]]>([
    ['newest first', () => ({}), ['Elif', 'Élise', 'Ana']],
    ['by state', () => ({ states: ['cancelled', 'held'] }), ['Elif']],
    ['by channel', () => ({ channel: 'web' }), ['Ana']],
    ['by external reference', () => ({ externalRef: 'OTA-77' }), ['Élise']],
    ['by property', () => ({ propertyId: '00000000-0000-7000-8000-000000000000' }), []],
    ['by nights that are touched, half-open', () => ({ stayFrom: '2026-05-04', stayUntil: '2026-05-10' }), ['Élise']],
    ['by arrival', () => ({ arrivalFrom: '2026-05-03', arrivalUntil: '2026-05-10' }), ['Élise']],
    ['by the beginning of a name, without accents or case', () => ({ text: 'ÉLI' }), ['Elif', 'Élise']],
    ['by e-mail, whatever its case', () => ({ text: 'ana@example.ORG' }), ['Ana']],
    ['by phone, however it is written', () => ({ text: '+351210000001' }), ['Elif', 'Élise', 'Ana']],
    ['by text that is a reference', () => ({ text: 'OTA-77' }), ['Élise']],
    ['by text that nobody has', () => ({ text: 'zz' }), []],
  ])('%s', async (_what, input, expected) => {
    expect(await named(input())).toEqual(expected);
  });

  it('by guest and by code', async () => {
    const ana = await tenant.client.bookings.get.query({ bookingId: ids.Ana ?? '' });
    expect(await named({ guestId: ana.booker.guestId })).toEqual(['Ana']);
    expect(await named({ text: ana.code.toLowerCase() })).toEqual(['Ana']);
  });

  it('pages without leaving out or repeating any, with the total if asked', async () => {
    const first = await list({ limit: 2, withTotal: true });
    expect(first).toMatchObject({ total: 3, totalIsCapped: false, items: [{ id: ids.Elif }, { id: ids.Élise }] });
    const second = await list({ limit: 2, cursor: first.nextCursor ?? '' });
    expect(second).toMatchObject({ nextCursor: null, items: [{ id: ids.Ana }] });
    expect(second).not.toHaveProperty('total');
  });
});

describe('a guest’s look-up', () => {
  it('needs the code and the e-mail together; either wrong is answered alike', async () => {
    const ana = await tenant.client.bookings.get.query({ bookingId: ids.Ana ?? '' });
    expect(ana.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/);
    const lookUp = (code: string, email: string) => tenant.client.bookings.lookUp.query({ code, email });
    expect(await lookUp(` ${ana.code.toLowerCase()} `, 'ANA@example.org')).toEqual(ana);
    const refused = await Promise.all([
      refusalOf(lookUp(ana.code, 'elise@example.org')),
      refusalOf(lookUp('0000000000', 'ana@example.org')),
    ]);
    expect(refused[0]).toEqual(refused[1]);
    expect(refused[0]).toMatchObject({ httpStatus: 404, code: 'NOT_FOUND' });
  });
});

it('what a command answers is what get and list answer afterwards', async () => {
  const request = {
    ...asked(stay(hotel, '2026-06-01', '2026-06-03')),
    booker: { name: 'Rui', email: 'rui@example.org' },
  };
  const created = await tenant.client.bookings.create.mutate({ ...request, notes: 'by the lift', country: 'PT' });
  expect(await tenant.client.bookings.get.query({ bookingId: created.id })).toEqual(created);
  expect((await list({ limit: 1 })).items).toEqual([created]);
  const cancelled = await tenant.client.bookings.cancel.mutate({ bookingId: created.id, idempotencyKey: key() });
  expect(await tenant.client.bookings.get.query({ bookingId: created.id })).toEqual(cancelled);
});

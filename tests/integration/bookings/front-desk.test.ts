import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, freeCancellation, type Hotel, type HotelChanges, key } from '../../support/hotel.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asked, roomsLeft, stay } from '../../support/stays.ts';

let app: TestApp;
let tenant: TestTenant;
let hotel: Hotel;
// Lisbon is on UTC in March until the 29th; the hotel's day starts at 04:00.
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('desk');
});
beforeEach(async () => {
  hotel = await createHotel(tenant.client, { physicalRooms: 2 });
});
afterAll(() => app.close());

const at = (instant: string) => app.clock.advanceTo(instant);
const book = async (arrival: string, departure: string, of: Hotel = hotel) => {
  const booking = await tenant.client.bookings.create.mutate(asked(stay(of, arrival, departure)));
  return { bookingId: booking.id, lineId: booking.lines[0]?.id ?? '' };
};
const call = (move: 'checkIn' | 'checkOut' | 'noShow' | 'confirm' | 'cancel', bookingId: string) =>
  tenant.client.bookings[move].mutate({ bookingId, idempotencyKey: key() });
const room = (number: string, roomTypeId = hotel.roomTypeId) =>
  tenant.client.rooms.create.mutate({ roomTypeId, number, idempotencyKey: key() });
const checkInto = (bookingId: string, lineId: string, roomId: string) =>
  tenant.client.bookings.checkIn.mutate({ bookingId, rooms: [{ lineId, roomId }], idempotencyKey: key() });
const left = (from: string, until: string, of = hotel) => roomsLeft(tenant.client, of, from, until);

describe('check-in', () => {
  it('is possible from the arrival date until the departure date', async () => {
    const { bookingId } = await book('2026-03-03', '2026-03-05');
    expect(await refusalOf(call('checkIn', bookingId))).toMatchObject({
      ...{ httpStatus: 409, code: 'TOO_EARLY_TO_CHECK_IN' },
      details: { businessDate: '2026-03-02' },
    });
    at('2026-03-03T04:00:00.000Z');
    expect(await call('checkIn', bookingId)).toMatchObject({ state: 'checked_in' });
    const late = await book('2026-03-03', '2026-03-04');
    at('2026-03-04T04:00:00.000Z');
    expect(await refusalOf(call('checkIn', late.bookingId))).toMatchObject({ code: 'STAY_IS_OVER' });
  });

  it('a walk-in after midnight arrives on the date that the hotel is still working on', async () => {
    at('2026-03-05T03:59:59.000Z');
    const { bookingId } = await book('2026-03-04', '2026-03-05');
    expect(await call('checkIn', bookingId)).toMatchObject({ state: 'checked_in', arrival: '2026-03-04' });
    at('2026-03-05T04:00:00.000Z');
    const refused = await refusalOf(book('2026-03-04', '2026-03-06'));
    expect(refused).toMatchObject({ code: 'PAST_ARRIVAL', fields: [{ path: 'lines.0.arrival' }] });
  });

  it('gives a room of the booked type to one guest at a time', async () => {
    const [first, second] = [await book('2026-03-05', '2026-03-08'), await book('2026-03-05', '2026-03-06')];
    const { id: roomId } = await room('101');
    const other = await createHotel(tenant.client);
    const elsewhere = await room('101', other.roomTypeId);
    const wrong = await refusalOf(checkInto(first.bookingId, first.lineId, elsewhere.id));
    expect(wrong).toMatchObject({ httpStatus: 422, code: 'ROOM_OF_OTHER_TYPE', fields: [{ path: 'rooms.0.roomId' }] });
    const stranger = await refusalOf(checkInto(first.bookingId, second.lineId, roomId));
    expect(stranger).toMatchObject({ httpStatus: 400, fields: [{ path: 'rooms.0.lineId' }] });

    const { id: another } = await room('102');
    const both = [roomId, another].map((id) => ({ lineId: first.lineId, roomId: id }));
    const twice = tenant.client.bookings.checkIn.mutate({
      ...{ bookingId: first.bookingId, rooms: both, idempotencyKey: key() },
    });
    expect(await refusalOf(twice)).toMatchObject({ httpStatus: 400, fields: [{ path: 'rooms.1.lineId' }] });

    expect(await checkInto(first.bookingId, first.lineId, roomId)).toMatchObject({ lines: [{ roomId }] });
    const taken = await refusalOf(checkInto(second.bookingId, second.lineId, roomId));
    expect(taken).toMatchObject({ httpStatus: 409, code: 'ROOM_OCCUPIED', fields: [{ path: 'rooms.0.roomId' }] });
    expect(await tenant.client.bookings.get.query({ bookingId: second.bookingId })).toMatchObject({
      state: 'confirmed',
    });
    at('2026-03-06T10:00:00.000Z');
    await call('checkOut', first.bookingId);
    const next = await book('2026-03-06', '2026-03-09');
    expect(await checkInto(next.bookingId, next.lineId, roomId)).toMatchObject({ lines: [{ roomId }] });
  });
});

describe('check-out', () => {
  it('before the last night gives back the nights from that day on, and only those', async () => {
    const { bookingId } = await book('2026-03-06', '2026-03-10');
    await call('checkIn', bookingId);
    at('2026-03-08T09:00:00.000Z');
    expect(await call('checkOut', bookingId)).toMatchObject({
      ...{ state: 'checked_out', total: 40_000 },
      lines: [{ countedUntil: '2026-03-08', departure: '2026-03-10', fee: 0 }],
    });
    expect(await left('2026-03-06', '2026-03-10')).toEqual([1, 1, 2, 2]);
  });

  it('on or after the departure date gives nothing back', async () => {
    const { bookingId } = await book('2026-03-08', '2026-03-09');
    await call('checkIn', bookingId);
    at('2026-03-11T09:00:00.000Z');
    expect(await call('checkOut', bookingId)).toMatchObject({ lines: [{ countedUntil: '2026-03-09' }] });
    expect(await left('2026-03-08', '2026-03-10')).toEqual([1, 2]);
  });
});

describe('a no-show', () => {
  const withTerms = (nights: 'keep' | 'return') =>
    createHotel(tenant.client, {
      physicalRooms: 1,
      plan: { terms: { ...freeCancellation, noShow: { fee: { kind: 'nights', nights: 1 }, nights } } },
    } satisfies HotelChanges);

  it('can be marked from the arrival date on, and costs what the plan says', async () => {
    const { bookingId } = await book('2026-03-12', '2026-03-14');
    expect(await refusalOf(call('noShow', bookingId))).toMatchObject({ code: 'TOO_EARLY_FOR_NO_SHOW' });
    at('2026-03-12T23:00:00.000Z');
    expect(await call('noShow', bookingId)).toMatchObject({ state: 'no_show', lines: [{ fee: 20_000 }] });
  });

  it('keeps its nights where the plan keeps them', async () => {
    const keeping = await withTerms('keep');
    const { bookingId } = await book('2026-03-12', '2026-03-15', keeping);
    expect(await call('noShow', bookingId)).toMatchObject({ lines: [{ fee: 10_000, countedUntil: '2026-03-15' }] });
    expect(await left('2026-03-12', '2026-03-15', keeping)).toEqual([0, 0, 0]);
  });

  it('returns those from the business date on where it does not; nights gone by stay counted', async () => {
    const returning = await withTerms('return');
    const { bookingId } = await book('2026-03-12', '2026-03-15', returning);
    at('2026-03-13T12:00:00.000Z');
    expect(await call('noShow', bookingId)).toMatchObject({ lines: [{ countedUntil: '2026-03-13' }] });
    expect(await left('2026-03-12', '2026-03-15', returning)).toEqual([0, 1, 1]);
  });
});

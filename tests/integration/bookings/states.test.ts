import { afterAll, beforeAll, expect, it } from 'vitest';
import { allowedMoves, LINE_STATES, type LineMove, type LineState } from '../../../src/features/bookings/states.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, type Hotel, key } from '../../support/hotel.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asked, stay } from '../../support/stays.ts';

let app: TestApp;
let tenant: TestTenant;
let hotel: Hotel;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('states');
  hotel = await createHotel(tenant.client, { physicalRooms: 30 });
});
afterAll(() => app.close());

const call = (move: Exclude<LineMove, 'expire'>, bookingId: string) =>
  tenant.client.bookings[move].mutate({ bookingId, idempotencyKey: key() });
const request = () => asked(stay(hotel, '2026-03-02', '2026-03-04'));

/** A booking that was brought into the state by calls. */
const bookingIn = async (state: LineState): Promise<string> => {
  if (state === 'held') return (await tenant.client.bookings.hold.mutate(request())).id;
  const { id } = await tenant.client.bookings.create.mutate(request());
  if (state === 'checked_in' || state === 'checked_out') await call('checkIn', id);
  if (state === 'checked_out') await call('checkOut', id);
  if (state === 'cancelled') await call('cancel', id);
  if (state === 'no_show') await call('noShow', id);
  return id;
};

const MOVES = ['confirm', 'cancel', 'checkIn', 'checkOut', 'noShow'] as const;

it.each(LINE_STATES.filter((state) => state !== 'expired'))(
  'from %s only the moves of the table are possible; any other is told the state and the allowed ones',
  async (state) => {
    const allowed = allowedMoves(state);
    for (const move of MOVES) {
      const bookingId = await bookingIn(state);
      if (allowed.includes(move)) {
        expect((await call(move, bookingId)).lines[0]?.state, move).not.toBe(state);
        continue;
      }
      expect(await refusalOf(call(move, bookingId)), move).toMatchObject({
        ...{ httpStatus: 409, code: 'WRONG_STATE', retryable: false },
        message: expect.stringContaining(state),
        details: { state, allowed },
      });
      expect(await tenant.client.bookings.get.query({ bookingId })).toMatchObject({ state });
    }
  },
);

it('an unknown booking is not found, whatever the move', async () => {
  const bookingId = '00000000-0000-7000-8000-000000000000';
  const refused = await Promise.all(MOVES.map((move) => refusalOf(call(move, bookingId))));
  expect(refused.map(({ code, fields }) => [code, fields[0]?.path])).toEqual(
    MOVES.map(() => ['NOT_FOUND', 'bookingId']),
  );
});

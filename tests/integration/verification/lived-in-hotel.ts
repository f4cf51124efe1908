import type { Client } from '../../support/app.ts';
import { createHotel, key } from '../../support/hotel.ts';

const vat = { code: 'vat', name: 'VAT', kind: 'percent', value: 600, included: false } as const;

/**
 * A hotel on 2 March 2026 with one line of each kind: checked in (rooms 101 and 102), checked out at once, no-show with
 * its nights kept, confirmed, held and cancelled; room 103 is out of order in April.
 */
export const createLivedInHotel = async (client: Client): Promise<void> => {
  const hotel = await createHotel(client, {
    physicalRooms: 8,
    property: { taxes: [vat] },
    plan: {
      terms: {
        cancellation: [],
        noShow: { fee: { kind: 'nights', nights: 1 }, nights: 'keep' },
        prepayment: { basisPoints: 0 },
      },
    },
  });
  const rooms = await Promise.all(
    ['101', '102', '103'].map((number) =>
      client.rooms.create.mutate({ roomTypeId: hotel.roomTypeId, number, idempotencyKey: key() }),
    ),
  );
  const stay = (departure: string) => ({
    ...{ roomTypeId: hotel.roomTypeId, ratePlanId: hotel.ratePlanId },
    ...{ arrival: '2026-03-02', departure, adults: 2 },
  });
  const asked = (...departures: string[]) => ({
    lines: departures.map(stay),
    booker: { name: 'Ana Silva', email: 'ana@example.org' },
    idempotencyKey: key(),
  });

  const inHouse = await client.bookings.create.mutate(asked('2026-03-05', '2026-03-04', '2026-03-03'));
  const [first, second, third] = inHouse.lines.map(({ id }) => id);
  if (!first || !second || !third) throw new Error('three lines were booked');
  const bookingId = inHouse.id;
  await client.bookings.checkIn.mutate({
    bookingId,
    rooms: [first, second].map((lineId, index) => ({ lineId, roomId: rooms[index]?.id ?? '' })),
    idempotencyKey: key(),
  });
  await client.bookings.checkOut.mutate({ bookingId, lineIds: [third], idempotencyKey: key() });

  const absent = await client.bookings.create.mutate(asked('2026-03-04'));
  await client.bookings.noShow.mutate({ bookingId: absent.id, idempotencyKey: key() });
  const given = await client.bookings.create.mutate(asked('2026-03-04'));
  await client.bookings.cancel.mutate({ bookingId: given.id, idempotencyKey: key() });
  await client.bookings.create.mutate(asked('2026-03-04'));
  await client.bookings.hold.mutate(asked('2026-03-04', '2026-03-06'));
  await client.inventory.block.mutate({
    ...{ roomId: rooms[2]?.id ?? '', from: '2026-04-01', until: '2026-04-04' },
    ...{ kind: 'out_of_order', idempotencyKey: key() },
  });
};

import type { inferRouterInputs } from '@trpc/server';
import type { AppRouter } from '../../src/compose.ts';
import type { Client } from './app.ts';
import { type Hotel, key } from './hotel.ts';

type LineRequest = inferRouterInputs<AppRouter>['bookings']['create']['lines'][number];

/** One room of the hotel for two adults, unless told otherwise. */
export const stay = (
  { roomTypeId, ratePlanId }: Pick<Hotel, 'roomTypeId' | 'ratePlanId'>,
  arrival: string,
  departure: string,
  changes: Partial<LineRequest> = {},
): LineRequest => ({ roomTypeId, ratePlanId, arrival, departure, adults: 2, ...changes });

/** What Ana Silva asks for, under a new key. */
export const asked = (...lines: LineRequest[]) => ({ lines, booker: { name: 'Ana Silva' }, idempotencyKey: key() });

/** How many rooms of the hotel are left, night by night. */
export const roomsLeft = async (
  client: Client,
  { roomTypeId }: Pick<Hotel, 'roomTypeId'>,
  from: string,
  until: string,
) => (await client.inventory.get.query({ roomTypeId, from, until })).nights.map(({ available }) => available);

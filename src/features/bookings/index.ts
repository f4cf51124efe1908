import type { Feed } from '../events/index.ts';
import { createBookingsRouter } from './router.ts';
import { type BookingsDeps, createBookingsService } from './service.ts';

export { BookingEntity, BookingLineEntity } from './entity.ts';

export const createBookings = (deps: BookingsDeps & { feed: Feed }) => ({
  router: createBookingsRouter(createBookingsService(deps), deps.feed),
});

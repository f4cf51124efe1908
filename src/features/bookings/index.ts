import { createBookingsRouter } from './router.ts';
import { type BookingsDeps, createBookingsService } from './service.ts';

export { BookingEntity, BookingLineEntity } from './entity.ts';

export const createBookings = (deps: BookingsDeps) => ({ router: createBookingsRouter(createBookingsService(deps)) });

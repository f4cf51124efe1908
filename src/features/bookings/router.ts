import { z } from 'zod';
import { id } from '../../kernel/wire.ts';
import { procedure, router, streamProcedure } from '../../transport/trpc/procedures.ts';
import { event, type Feed } from '../events/index.ts';
import { bookingChanges, changesInput } from './changes.ts';
import {
  bookingCommand,
  bookingOutput,
  cancelPreviewInput,
  cancelPreviewOutput,
  checkInInput,
  createInput,
  holdInput,
  linesCommand,
  listInput,
  listOutput,
  lookupInput,
  quoteInput,
  quoteOutput,
} from './schemas.ts';
import type { BookingsService } from './service.ts';

export const createBookingsRouter = (service: BookingsService, feed: Feed) =>
  router({
    quote: procedure('availability:read', {
      method: 'POST',
      path: '/quotes',
      summary: 'Price a stay and name everything that stands in its way',
    })
      .input(quoteInput)
      .output(quoteOutput)
      .query(({ ctx, input }) => service.quote(ctx, input)),

    hold: procedure('bookings:manage', {
      method: 'POST',
      path: '/bookings/holds',
      summary: 'Take the nights for some minutes',
      successStatus: 201,
    })
      .input(holdInput)
      .output(bookingOutput)
      .mutation(({ ctx, input }) => service.hold(ctx, input)),

    confirm: procedure('bookings:manage', {
      method: 'POST',
      path: '/bookings/{bookingId}/confirm',
      summary: 'Turn a hold into a booking at the price that was held',
    })
      .input(bookingCommand)
      .output(bookingOutput)
      .mutation(({ ctx, input }) => service.confirm(ctx, input)),

    create: procedure('bookings:manage', {
      method: 'POST',
      path: '/bookings',
      summary: 'Book at once, without a hold',
      successStatus: 201,
    })
      .input(createInput)
      .output(bookingOutput)
      .mutation(({ ctx, input }) => service.create(ctx, input)),

    cancelPreview: procedure('bookings:read', {
      method: 'GET',
      path: '/bookings/{bookingId}/cancellation',
      summary: 'What cancelling would cost now',
    })
      .input(cancelPreviewInput)
      .output(cancelPreviewOutput)
      .query(({ ctx, input }) => service.cancelPreview(ctx, input)),

    cancel: procedure('bookings:manage', {
      method: 'POST',
      path: '/bookings/{bookingId}/cancel',
      summary: 'Cancel a booking or some of its lines and give the nights back',
    })
      .input(linesCommand)
      .output(bookingOutput)
      .mutation(({ ctx, input }) => service.cancel(ctx, input)),

    checkIn: procedure('frontDesk:manage', {
      method: 'POST',
      path: '/bookings/{bookingId}/check-in',
      summary: 'Check guests in, into rooms if named',
    })
      .input(checkInInput)
      .output(bookingOutput)
      .mutation(({ ctx, input }) => service.checkIn(ctx, input)),

    checkOut: procedure('frontDesk:manage', {
      method: 'POST',
      path: '/bookings/{bookingId}/check-out',
      summary: 'Check guests out; unused future nights come back',
    })
      .input(linesCommand)
      .output(bookingOutput)
      .mutation(({ ctx, input }) => service.checkOut(ctx, input)),

    noShow: procedure('frontDesk:manage', {
      method: 'POST',
      path: '/bookings/{bookingId}/no-show',
      summary: 'Mark guests who did not come, from the arrival date on',
    })
      .input(linesCommand)
      .output(bookingOutput)
      .mutation(({ ctx, input }) => service.noShow(ctx, input)),

    get: procedure('bookings:read', { method: 'GET', path: '/bookings/{bookingId}', summary: 'One booking' })
      .input(z.strictObject({ bookingId: id }))
      .output(bookingOutput)
      .query(({ ctx, input }) => service.get(ctx, input.bookingId)),

    lookUp: procedure('bookingLookup:read', {
      method: 'POST',
      path: '/bookings/look-up',
      summary: "A guest's own booking, by confirmation code and e-mail",
    })
      .input(lookupInput)
      .output(bookingOutput)
      .query(({ ctx, input }) => service.lookUp(ctx, input)),

    list: procedure('bookings:read', { method: 'GET', path: '/bookings', summary: 'Bookings, newest first' })
      .input(listInput)
      .output(listOutput)
      .query(({ ctx, input }) => service.list(ctx, input)),

    changes: streamProcedure('bookings:read', {
      summary: 'Events of bookings as they are committed, in order, none skipped',
      description: 'After a lost connection it goes on behind the last id that you got.',
      item: event,
    })
      .input(changesInput)
      .subscription(({ ctx, input, signal }) => bookingChanges(feed, ctx.principal, input, signal)),
  });

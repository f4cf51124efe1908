import { initTRPC } from '@trpc/server';
import { z } from 'zod';
import { AppError } from '../../../src/kernel/app-error.ts';
import type { ProcedureMeta } from '../../../src/transport/trpc/meta.ts';

/** What the toy API keeps of a request. */
export interface ToyContext {
  token: string | undefined;
}

export const t = initTRPC.context<ToyContext>().meta<ProcedureMeta>().create({ isDev: false });

export const money = z
  .strictObject({
    amount: z.int().meta({ description: 'Minor units: `1250` is 12.50 euro.', examples: [31800] }),
    currency: z
      .string()
      .length(3)
      .meta({ description: 'ISO 4217.', examples: ['EUR'] }),
  })
  .meta({ id: 'Money', description: 'An amount in whole minor units.' });

const party = z
  .strictObject({ adults: z.int().min(1).max(20).default(2), childAges: z.array(z.int().min(0).max(17)).default([]) })
  .meta({ id: 'Party', description: 'Who sleeps in a room.' });

const line = z
  .strictObject({ roomTypeId: z.uuid(), party, extras: z.record(z.string(), z.int()).optional() })
  .meta({ id: 'Line' });

export const booking = z
  .strictObject({
    id: z.uuid(),
    state: z.enum(['held', 'confirmed', 'cancelled']),
    arrival: z.iso.date().meta({ description: 'First night, in the property’s own calendar.' }),
    departure: z.iso.date(),
    lines: z.array(line).min(1),
    total: money,
    holdExpiresAt: z.iso.datetime().nullable(),
    notes: z.string().nullable(),
  })
  .meta({ id: 'Booking', description: 'One booker, one or more rooms.' });

const guarded = (permission: string, openapi: ProcedureMeta['openapi']) =>
  t.procedure.meta({ permission, ...(openapi && { openapi }) }).use(({ ctx, next }) => {
    if (ctx.token === 'good') return next();
    throw new AppError('unauthenticated', 'UNAUTHENTICATED', 'Send a key.');
  });

const idempotencyKey = z.string().min(8).max(120);
const id = '019aa3c5-2f4e-7b1d-9c60-5e8f0a7d3b21';
const held = (input: {
  arrival: string;
  departure: string;
  lines: z.infer<typeof line>[];
}): z.infer<typeof booking> => ({
  id,
  state: 'held',
  ...input,
  total: { amount: 31800, currency: 'EUR' },
  holdExpiresAt: '2027-05-01T10:00:00Z',
  notes: null,
});

/** Answers what it was given, so that tests see what arrived. */
const echo = z.strictObject({ echo: z.record(z.string(), z.unknown()) });

const searchInput = z.strictObject({
  arrival: z.iso.date(),
  rooms: z.int().min(1).max(9).default(1).meta({ description: 'How many rooms.' }),
  maxPrice: z.number().positive().optional(),
  refundable: z.boolean().optional().meta({ description: 'Only what can be cancelled free of charge.' }),
  amenities: z.array(z.enum(['wifi', 'pool', 'parking'])).optional(),
  ages: z.array(z.int()).optional(),
  near: z.strictObject({ latitude: z.number(), longitude: z.number(), km: z.number() }).optional(),
  parties: z
    .array(party)
    .optional()
    .meta({ examples: [[{ adults: 2 }]] }),
  text: z.string().nullable().optional(),
  floor: z.union([z.literal('any'), z.int()]).optional(),
});

export const toyRouter = t.router({
  bookings: t.router({
    lookup: t.procedure
      .meta({
        permission: null,
        openapi: { method: 'GET', path: '/bookings/lookup', summary: 'Find a booking by its code' },
      })
      .input(z.strictObject({ code: z.string() }))
      .output(echo)
      .query(({ input }) => ({ echo: input })),
    get: guarded('bookings:read', { method: 'GET', path: '/bookings/{bookingId}', summary: 'Get a booking' })
      .input(z.strictObject({ bookingId: z.uuid() }))
      .output(booking)
      .query(({ input }) => {
        if (input.bookingId !== id) throw new AppError('not_found', 'NOT_FOUND', 'No such booking.');
        return held({ arrival: '2027-05-14', departure: '2027-05-16', lines: [] });
      }),
    hold: guarded('bookings:manage', {
      method: 'POST',
      path: '/properties/{propertyId}/bookings',
      summary: 'Hold rooms',
      description:
        'Takes the nights of every line at once, or none.\n\nThe hold runs out after 10 minutes unless:\n\n- it is confirmed\n- it is told `minutes`',
      successStatus: 201,
    })
      .input(
        z.strictObject({
          idempotencyKey,
          propertyId: z.uuid(),
          arrival: z.iso.date(),
          departure: z.iso.date(),
          lines: z.array(line).min(1).max(10),
          notes: z.string().max(2000).optional(),
        }),
      )
      .output(booking)
      .mutation(({ input: { arrival, departure, lines } }) => held({ arrival, departure, lines })),
    note: guarded('bookings:manage', { method: 'PATCH', path: '/bookings/{bookingId}', summary: 'Change the notes' })
      .input(z.strictObject({ idempotencyKey, bookingId: z.uuid(), notes: z.string().nullable() }))
      .output(echo)
      .mutation(({ input }) => ({ echo: input })),
    cancel: guarded('bookings:manage', { method: 'DELETE', path: '/bookings/{bookingId}', summary: 'Cancel a booking' })
      .input(z.strictObject({ idempotencyKey, bookingId: z.uuid() }))
      .output(echo)
      .mutation(({ input }) => ({ echo: input })),
  }),
  availability: t.router({
    search: t.procedure
      .meta({ permission: null, openapi: { method: 'GET', path: '/availability', summary: 'Search for rooms' } })
      .input(searchInput)
      .output(echo)
      .query(({ input }) => ({ echo: input })),
    check: t.procedure
      .meta({
        permission: null,
        openapi: { method: 'POST', path: '/availability/check', summary: 'Check many stays at once' },
      })
      .input(z.strictObject({ stays: z.array(z.strictObject({ arrival: z.iso.date() })).max(100) }))
      .output(echo)
      .query(({ input }) => ({ echo: input })),
  }),
  clock: t.router({
    now: t.procedure
      .meta({
        permission: null,
        openapi: { method: 'GET', path: '/clock', summary: 'Read the clock', tags: ['operations'] },
      })
      .output(z.strictObject({ now: z.iso.datetime() }))
      .query(() => ({ now: '2027-05-01T10:00:00Z' })),
    reset: t.procedure
      .meta({
        permission: null,
        openapi: { method: 'POST', path: '/clock/reset', summary: 'Reset the clock', tags: ['operations'] },
      })
      .output(echo)
      .mutation(() => ({ echo: {} })),
    fail: t.procedure
      .meta({
        permission: null,
        openapi: { method: 'GET', path: '/clock/fail', summary: 'Fail', tags: ['operations'] },
      })
      .output(echo)
      .query((): z.infer<typeof echo> => {
        throw new Error('the spring broke at db.internal:5432');
      }),
  }),
  inner: t.procedure.meta({ permission: null }).query(() => 'not over REST'),
});

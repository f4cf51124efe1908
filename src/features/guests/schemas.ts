import { z } from 'zod';
import { country, id, text } from '../../kernel/wire.ts';

const email = z.email('Not an e-mail address.').max(254);
const phone = z.string().regex(/^\+?[0-9 ()./-]{4,32}$/, 'Not a telephone number.');

/** The person who books, as the caller gives it. */
export const bookerInput = z.strictObject({
  name: text(200),
  email: email.optional(),
  phone: phone.optional(),
  country: country.optional(),
});
export type BookerInput = z.infer<typeof bookerInput>;

export const bookerOutput = z
  .strictObject({
    guestId: id,
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    country: z.string().nullable(),
  })
  .meta({ id: 'Booker' });
export type BookerOutput = z.infer<typeof bookerOutput>;

import { z } from 'zod';
import { personal } from '../../kernel/private-fields.ts';
import { country, id, text } from '../../kernel/wire.ts';

const email = z.email('Not an e-mail address.').max(254);
const phone = z.string().regex(/^\+?[0-9 ()./-]{4,32}$/, 'Not a telephone number.');

/** The person who books, as the caller gives it. */
export const bookerInput = z.strictObject({
  name: personal(text(200)),
  email: personal(email).optional(),
  phone: personal(phone).optional(),
  country: country.optional(),
});
export type BookerInput = z.infer<typeof bookerInput>;

export const bookerOutput = z
  .strictObject({
    guestId: id,
    name: personal(z.string()),
    email: personal(z.string()).nullable(),
    phone: personal(z.string()).nullable(),
    country: z.string().nullable(),
  })
  .meta({ id: 'Booker' });
export type BookerOutput = z.infer<typeof bookerOutput>;

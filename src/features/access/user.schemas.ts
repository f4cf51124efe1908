import { z } from 'zod';
import { ROLES } from '../../kernel/permissions.ts';
import { personal } from '../../kernel/private-fields.ts';
import { totalInput, totalOutput } from '../../kernel/totals.ts';
import { id, instant, pageInput, pageOf, text } from '../../kernel/wire.ts';
import { idempotencyKey } from '../commands/index.ts';

const email = personal(z.email('Not an e-mail address.').max(254));
const phone = personal(z.string().regex(/^\+?[0-9 ()./-]{4,32}$/, 'Not a telephone number.'));
const role = z.enum(ROLES);

/** Long rather than strange; of any characters, and taken as it is. */
const password = z.string().min(12, 'Use at least 12 characters.').max(256);

export const user = z
  .strictObject({
    id,
    email: personal(z.string()),
    name: personal(z.string()),
    phone: personal(z.string()).nullable(),
    role,
    active: z.boolean().meta({ description: 'Who is not active cannot sign in, and what they hold stops working.' }),
    createdAt: instant,
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof user>;

export const createUserInput = z.strictObject({
  email,
  name: personal(text(200)),
  phone: phone.optional(),
  role,
  password,
  idempotencyKey,
});
export type CreateUserInput = z.infer<typeof createUserInput>;

export const userInput = z.strictObject({ userId: id });

export const updateUserInput = z.strictObject({
  userId: id,
  name: personal(text(200)).optional(),
  phone: phone.nullable().optional(),
  role: role.optional(),
  active: z.boolean().optional(),
  idempotencyKey,
});
export type UpdateUserInput = z.infer<typeof updateUserInput>;

export const setPasswordInput = z.strictObject({ userId: id, password, idempotencyKey });
export type SetPasswordInput = z.infer<typeof setPasswordInput>;

export const listUsersInput = z.strictObject({
  ...pageInput,
  email: email.optional(),
  phone: phone.optional().meta({ description: 'Compared by its digits.' }),
  role: role.optional(),
  active: z.boolean().optional(),
  ...totalInput,
});
export type ListUsersInput = z.infer<typeof listUsersInput>;

export const userPage = pageOf(user).extend(totalOutput).meta({ id: 'UserPage' });

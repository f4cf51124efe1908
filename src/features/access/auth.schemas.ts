import { z } from 'zod';
import { ROLES } from '../../kernel/permissions.ts';
import { personal } from '../../kernel/private-fields.ts';
import { id, instant } from '../../kernel/wire.ts';

export const signInInput = z.strictObject({
  tenant: z
    .string()
    .min(1)
    .max(63)
    .meta({ description: 'The short name of the tenant.', examples: ['seaside'] }),
  email: personal(z.string().min(1).max(254)),
  password: z.string().min(1).max(256),
});
export type SignInInput = z.infer<typeof signInInput>;

export const refreshInput = z.strictObject({ refreshToken: z.string().min(1).max(200) });

export const tokens = z
  .strictObject({
    accessToken: z.string().meta({ description: 'Send it as `Authorization: Bearer <token>`.' }),
    accessTokenExpiresAt: instant,
    refreshToken: z.string().meta({
      description:
        'Exchange it once, by `auth.refresh`. A second use ends the session, for it means that it was copied.',
    }),
    refreshTokenExpiresAt: instant,
  })
  .meta({ id: 'Tokens' });
export type Tokens = z.infer<typeof tokens>;

export const signedOut = z.strictObject({ signedOut: z.literal(true) }).meta({ id: 'SignedOut' });

export const me = z
  .strictObject({
    kind: z.enum(['user', 'api_key', 'operator']),
    id,
    name: personal(z.string()),
    email: personal(z.string()).nullable().meta({ description: 'Null for who is not a user.' }),
    role: z.enum(ROLES).nullable().meta({ description: 'Null for who is not a user.' }),
    tenant: z.strictObject({ id, slug: z.string(), name: z.string() }),
    permissions: z.array(z.string()),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof me>;

import { z } from 'zod';
import { openProcedure, procedure, router } from '../../transport/trpc/procedures.ts';
import { me, refreshInput, signedOut, signInInput, tokens } from './auth.schemas.ts';
import type { AuthService } from './auth.service.ts';

export const createAuthRouter = (service: AuthService) =>
  router({
    signIn: openProcedure({
      method: 'POST',
      path: '/auth/sign-in',
      summary: 'Sign a user in',
      description:
        'A few failures in a row, and the account and the address have to wait: TOO_MANY_ATTEMPTS says how long.',
    })
      .input(signInInput)
      .output(tokens)
      .mutation(({ ctx, input }) => service.signIn(ctx, input)),

    refresh: openProcedure({
      method: 'POST',
      path: '/auth/refresh',
      summary: 'Exchange a refresh token for new tokens',
    })
      .input(refreshInput)
      .output(tokens)
      .mutation(({ ctx, input }) => service.refresh(ctx, input.refreshToken)),

    signOut: procedure('account:manage', {
      method: 'POST',
      path: '/auth/sign-out',
      summary: 'End the session of this access token',
    })
      .input(z.strictObject({}))
      .output(signedOut)
      .mutation(({ ctx }) => service.signOut(ctx)),

    me: procedure('account:read', { method: 'GET', path: '/auth/me', summary: 'Who is calling' })
      .input(z.strictObject({}))
      .output(me)
      .query(({ ctx }) => service.me(ctx)),
  });

import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';

const ISSUER = 'innkeeper';
const AUDIENCE = 'innkeeper-api';
const TYPE = 'at+jwt';

const claimsShape = z.object({ sub: z.uuid(), tenant: z.uuid(), role: z.string(), sid: z.uuid() });
const verifiedShape = claimsShape.extend({ exp: z.number() });

/** Whom an access token speaks for; `sid` is the session that it belongs to. */
export type Claims = z.infer<typeof claimsShape>;
/** `exp` is when it ends, in seconds. */
export type VerifiedClaims = z.infer<typeof verifiedShape>;

export interface AccessTokens {
  issue(claims: Claims): Promise<{ token: string; expiresAt: string }>;
  /** The claims of a token that we signed and that has not expired; null for any other text. */
  verify(token: string): Promise<VerifiedClaims | null>;
}

/** JWT signed by HS256. Expiry goes by the clock, to the second. */
export const createAccessTokens = (key: Buffer, clock: Clock, lifetimeMs: number): AccessTokens => ({
  async issue({ sub, ...claims }) {
    const issuedAt = Math.floor(clock.nowMs() / 1000);
    const expiresAt = issuedAt + Math.floor(lifetimeMs / 1000);
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: TYPE })
      .setSubject(sub)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(key);
    return { token, expiresAt: new Date(expiresAt * 1000).toISOString() };
  },
  async verify(token) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        typ: TYPE,
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['exp', 'iat'],
        currentDate: new Date(clock.nowMs()),
      });
      return verifiedShape.safeParse(payload).data ?? null;
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  },
});

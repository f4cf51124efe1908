import { type Quota, WINDOW_SECONDS } from './rate-limits.ts';

/**
 * Names and values in turn of the header fields of draft-ietf-httpapi-ratelimit-headers (08 and later), the policy named after
 * the kind of caller.
 */
export const rateLimitHeaders = ({ kind, limit, remaining, resetSeconds }: Quota): string[] => [
  ...['RateLimit-Policy', `"${kind}";q=${limit};w=${WINDOW_SECONDS}`],
  ...['RateLimit', `"${kind}";r=${remaining};t=${resetSeconds}`],
];

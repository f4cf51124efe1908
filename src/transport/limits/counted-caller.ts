import type { Principal } from '../../kernel/principal.ts';
import { isFault, toAppError } from '../errors/translate.ts';
import type { Counted } from './rate-limits.ts';

export interface Caller {
  principal: Principal | null;
  /** Why the credentials were refused, where they were. */
  refusal?: unknown;
}

/**
 * Under which name a caller's requests are counted: a publishable key, which stands in web pages, from each network by
 * itself. Null where that can't be known now, and for the process itself.
 */
export const countedCaller = ({ principal, refusal }: Caller, networkOf: () => string): Counted | null => {
  if (!principal) {
    return refusal && isFault(toAppError(refusal)) ? null : { kind: 'anonymous', key: networkOf() };
  }
  const key = `${principal.tenant} ${principal.id}`;
  if (principal.kind === 'user') return { kind: 'user', key };
  if (principal.kind === 'operator') return null;
  return principal.publishable ? { kind: 'publishable', key: `${key} ${networkOf()}` } : { kind: 'secret', key };
};

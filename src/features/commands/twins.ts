import type { KeyedRequest } from './idempotency.ts';

/**
 * Puts calls with one key together: for each call the one that is done for it, the first with its key, or null where that
 * asks for something else.
 */
export const leadersOf = <Call>(requests: ReadonlyMap<Call, KeyedRequest>): Map<Call, Call | null> => {
  const first = new Map<string, Call>();
  const leaders = new Map<Call, Call | null>();
  for (const [call, { key, procedure, mac }] of requests) {
    const leader = first.get(key) ?? call;
    first.set(key, leader);
    const leading = requests.get(leader);
    leaders.set(call, leading?.procedure === procedure && leading.mac.equals(mac) ? leader : null);
  }
  return leaders;
};

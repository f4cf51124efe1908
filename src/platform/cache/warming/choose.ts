import { cachePolicies } from '../policies.ts';
import type { AskedCall } from './asked-counts.ts';

/** Each tenant is followed for as long as something of it is kept, which costs statements. */
const MOST_TENANTS = 20;

/** What to fill of what was asked for, given the most asked first: `most` in all, of a type and tenant what its policy says. */
export const chooseToWarm = (asked: readonly AskedCall[], most: number): AskedCall[] => {
  const left = new Map<string, number>();
  const tenants = new Set<string>();
  const chosen: AskedCall[] = [];
  for (const call of asked) {
    if (chosen.length === most) break;
    if (!tenants.has(call.tenant) && tenants.size === MOST_TENANTS) continue;
    const group = `${call.tenant} ${call.type}`;
    const places = left.get(group) ?? cachePolicies[call.type].warm;
    if (places === 0) continue;
    left.set(group, places - 1);
    tenants.add(call.tenant);
    chosen.push(call);
  }
  return chosen;
};

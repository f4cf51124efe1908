import { LRUCache } from 'lru-cache';
import { type CacheType, cachePolicies } from '../policies.ts';

/** A call whose answers may be kept: the same text of input gets the same answer. */
export interface AskedCall {
  tenant: string;
  type: CacheType;
  path: string;
  /** JSON. */
  input: string;
}

export interface AskedOften extends AskedCall {
  count: number;
}

/** Counts calls for a while; what is asked for often is certain to be among the counted. */
export interface AskedCounts {
  /** `call` is the procedure's path, a space and the text of its input. */
  note(tenant: string, type: CacheType, call: string): void;
  /** The tenants that were asked about since the last `take`. */
  tenants(): ReadonlySet<string>;
  /**
   * What was asked for at several moments, the most asked first, by tenant; counting of that begins anew. The rest is counted on:
   * what somebody asked for once, perhaps in words of their own, leaves the process with nobody.
   */
  take(): Map<string, AskedOften[]>;
}

/** Of more, those are left out that were not asked about for longest. */
const MOST_TENANTS = 20;
/** Longer calls are not worth their place. */
const MOST_CALL = 500;
/** As many for each that may be warmed, so that what is rare does not drive out what is not. */
const COUNTED_FOR_EACH = 2;

/** Calls that are further apart than that are of two moments. */
const MOMENT_MS = 60_000;
const LEAST_MOMENTS = 3;

interface Count {
  count: number;
  moments: number;
  momentAt: number;
}
type Counts = Map<string, Count>;

/** When there is no room for one more, all lose one, and those at zero their place (Misra and Gries). */
const makeRoom = (counts: Counts): void => {
  for (const [call, asked] of counts) {
    asked.count -= 1;
    if (asked.count === 0) counts.delete(call);
  }
};

const takeOften = (tenant: string, types: ReadonlyMap<CacheType, Counts>): AskedOften[] =>
  [...types]
    .flatMap(([type, counts]) => {
      const often = [...counts].filter(([, { moments }]) => moments >= LEAST_MOMENTS);
      return often.map(([call, { count }]) => {
        counts.delete(call);
        const end = call.indexOf(' ');
        return { tenant, type, path: call.slice(0, end), input: call.slice(end + 1), count };
      });
    })
    .sort((a, b) => b.count - a.count);

/** `nowMs` only tells moments apart. */
export const createAskedCounts = (nowMs: () => number): AskedCounts => {
  const since = new Set<string>();
  const byTenant = new LRUCache<string, Map<CacheType, Counts>>({
    max: MOST_TENANTS,
    dispose: (_types, tenant) => void since.delete(tenant),
  });

  const countsOf = (tenant: string, type: CacheType): Counts => {
    const types = byTenant.get(tenant) ?? new Map<CacheType, Counts>();
    if (types.size === 0) byTenant.set(tenant, types);
    const counts: Counts = types.get(type) ?? new Map();
    if (counts.size === 0) types.set(type, counts);
    return counts;
  };

  return {
    note(tenant, type, call) {
      const most = COUNTED_FOR_EACH * cachePolicies[type].warm;
      if (most === 0 || call.length > MOST_CALL) return;
      const counts = countsOf(tenant, type);
      since.add(tenant);
      const now = nowMs();
      const known = counts.get(call);
      if (known) {
        known.count += 1;
        if (now - known.momentAt >= MOMENT_MS) Object.assign(known, { moments: known.moments + 1, momentAt: now });
      } else if (counts.size < most) counts.set(call, { count: 1, moments: 1, momentAt: now });
      else makeRoom(counts);
    },
    tenants: () => new Set(since),
    take() {
      since.clear();
      const taken = [...byTenant.entries()].map(([tenant, types]) => [tenant, takeOften(tenant, types)] as const);
      return new Map(taken.filter(([, often]) => often.length > 0));
    },
  };
};

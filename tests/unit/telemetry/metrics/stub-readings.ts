import type { Readings } from '../../../../src/platform/telemetry/metrics/index.ts';

/** Readings of a process that has a replica, a cache and counts; all as full as they come. */
export const stubReadings: Readings = {
  pools: () => ['primary', 'replica', 'jobs'].map((pool) => ({ pool, used: 3, idle: 2, waiting: 1, limit: 10 })),
  replicas: () => [{ server: '10.0.0.2:5432', lagMs: 1_500, lagBytes: 4_096, ejected: null }],
  work: () => ['query', 'mutation', 'report', 'lookup'].map((kind) => ({ kind, running: 1, waiting: 0, most: 8 })),
  cache: () => ({
    limitBytes: 1_000_000,
    types: ['memory', 'redis'].flatMap((tier) =>
      ['search', 'property'].map((type) => ({ tier, type, hits: 5, stale: 1, misses: 2, evictions: 0, bytes: 10 })),
    ),
  }),
  index: () => ({ bytes: 1_000, lagMs: 20 }),
  usesRedis: true,
  counts: () => ({
    ...{ holdsLive: 1, holdsExpired: 0, oldestExpiredHoldSeconds: 0, outboxPending: 0, oldestEventSeconds: 0 },
    ...{ deliveriesDue: 0, oldestDeliverySeconds: 0, endpointsFailing: 0, jobsWaiting: 0, oldestJobSeconds: 0 },
    ...{ ledgerFaults: 0, ledgerCheckedAtSeconds: 1_700_000_000, databaseBytes: 1 },
  }),
};

/** What a metric reads of the other parts when it is asked for. */

export interface PoolReading {
  pool: string;
  used: number;
  idle: number;
  waiting: number;
  /** Connections that it may have, as configured. */
  limit: number;
}

export interface ReplicaReading {
  server: string;
  /** Null while they can't be known. */
  lagMs: number | null;
  lagBytes: number | null;
  ejected: string | null;
}

export interface WorkReading {
  kind: string;
  running: number;
  waiting: number;
  most: number;
}

export interface CacheTypeReading {
  tier: string;
  type: string;
  hits: number;
  stale: number;
  misses: number;
  evictions: number;
  bytes: number;
}

export interface CacheReading {
  limitBytes: number;
  types: CacheTypeReading[];
}

export interface IndexReading {
  bytes: number;
  lagMs: number;
}

/** What the database counts for all processes; told by workers only. Null where there is nothing to tell. */
export interface DatabaseCounts {
  holdsLive: number;
  holdsExpired: number;
  oldestExpiredHoldSeconds: number;
  outboxPending: number;
  oldestEventSeconds: number;
  deliveriesDue: number;
  oldestDeliverySeconds: number;
  endpointsFailing: number;
  jobsWaiting: number;
  oldestJobSeconds: number;
  ledgerFaults: number | null;
  ledgerCheckedAtSeconds: number | null;
  databaseBytes: number;
}

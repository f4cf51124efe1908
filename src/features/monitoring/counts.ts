import { sql } from 'kysely';
import type { Clock } from '../../kernel/clock.ts';
import type { Database, Sql } from '../../platform/db/database.ts';
import { newScope } from '../../platform/db/scope.ts';
import { JOBS_SCHEMA } from '../../platform/jobs/schema.ts';
import type { DatabaseCounts } from '../../platform/telemetry/readings.ts';

export interface CountsDeps {
  database: Database;
  /** Of the domain: holds and deliveries go by it. */
  clock: Clock;
  /** Of the machine: jobs go by it. */
  machineClock: Clock;
  /** Those who are told of events. */
  consumers: readonly string[];
}

interface TenantCounts {
  holdsLive: number;
  holdsExpired: number;
  oldestHold: string | null;
  outboxPending: number;
  oldestEvent: string | null;
  deliveriesDue: number;
  oldestDelivery: string | null;
  endpointsFailing: number;
  ledgerFaults: number | null;
  ledgerCheckedAt: string | null;
}

interface OwnCounts {
  jobsWaiting: number;
  oldestJob: string | null;
  databaseBytes: number;
}

const countTenants = (db: Sql, nowIso: string, consumers: readonly string[]) =>
  sql<TenantCounts>`
    select holds_live as "holdsLive", holds_expired as "holdsExpired", oldest_hold as "oldestHold",
      outbox_pending as "outboxPending", oldest_event as "oldestEvent", deliveries_due as "deliveriesDue",
      oldest_delivery as "oldestDelivery", endpoints_failing as "endpointsFailing",
      ledger_faults as "ledgerFaults", ledger_checked_at as "ledgerCheckedAt"
    from app.monitored_counts(${nowIso}::timestamptz, ${consumers}::text[])`.execute(db);

const countOwn = (db: Sql, machineNowIso: string) =>
  sql<OwnCounts>`
    select count(*)::integer as "jobsWaiting", min(greatest(start_after, created_on)) as "oldestJob",
      pg_database_size(current_database()) as "databaseBytes"
    from ${sql.table(`${JOBS_SCHEMA}.job`)}
    where state in ('created', 'retry') and start_after <= ${machineNowIso}::timestamptz`.execute(db);

const secondsSince = (instant: string | null, nowMs: number): number =>
  instant === null ? 0 : Math.max(0, (nowMs - Temporal.Instant.from(instant).epochMilliseconds) / 1_000);

/** What the database counts for all processes and tenants together, in two statements. */
export const readCounts = async ({ database, clock, machineClock, consumers }: CountsDeps): Promise<DatabaseCounts> => {
  const nowMs = clock.nowMs();
  const machineNowMs = machineClock.nowMs();
  const [tenants, own] = await database.read(newScope(null), 'primary', async (db) => [
    (await countTenants(db, clock.nowIso(), consumers)).rows[0],
    (await countOwn(db, machineClock.nowIso())).rows[0],
  ]);
  if (!tenants || !own) throw new Error('the database answered no counts');
  const { oldestHold, oldestEvent, oldestDelivery, ledgerCheckedAt, ...counted } = tenants;
  const { oldestJob, ...ownCounted } = own;
  return {
    ...counted,
    ...ownCounted,
    oldestExpiredHoldSeconds: secondsSince(oldestHold, nowMs),
    oldestEventSeconds: secondsSince(oldestEvent, nowMs),
    oldestDeliverySeconds: secondsSince(oldestDelivery, nowMs),
    oldestJobSeconds: secondsSince(oldestJob, machineNowMs),
    ledgerCheckedAtSeconds:
      ledgerCheckedAt === null ? null : Temporal.Instant.from(ledgerCheckedAt).epochMilliseconds / 1_000,
  };
};

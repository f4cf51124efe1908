import type { Clock } from '../../kernel/clock.ts';
import type { Database } from '../../platform/db/database.ts';
import { forEachTenant } from '../../platform/db/each-tenant.ts';
import type { Scope } from '../../platform/db/scope.ts';
import { untilAborted } from '../../platform/db/until-aborted.ts';
import { forgetAskedAnswers } from './asked-answers.ts';
import { deleteAuditEntries } from './audit-entries.ts';
import { type Bench, type Bites, gaveWay } from './bites.ts';
import { deleteEvents } from './events.ts';
import { deleteIdempotencyKeys } from './idempotency-keys.ts';
import { deleteSessions } from './sessions.ts';
import { analyzeTable, tablesToAnalyze } from './statistics.ts';
import { deleteRemovedEndpoints } from './webhook-deliveries.ts';

export type Kind =
  | 'idempotency keys'
  | 'sessions'
  | 'audit entries'
  | 'webhook deliveries'
  | 'events'
  | 'asked answers';

/** What a run has done. */
export interface MaintenanceReport {
  /** Rows deleted, of all tenants together. */
  deleted: Record<Kind, number>;
  /** Tables that got new statistics. */
  analyzed: string[];
  /** Kinds and tables that somebody else's lock was in the way of; the next run goes on with them. */
  postponed: string[];
}

export interface MaintenanceOptions {
  database: Database;
  clock: Clock;
  auditRetentionDays: number;
  eventRetentionDays: number;
  /** How long one statement may wait for somebody else's lock; half a second unless given. */
  lockTimeoutMs?: number;
  /** Calls the run off between two transactions; its reason is thrown. */
  signal?: AbortSignal | undefined;
  onProgress?: (done: number, total: number) => void;
}

const DAY_MS = 86_400_000;
const SESSION_RETENTION_DAYS = 30;

/**
 * Deletes what has been kept long enough and renews statistics where due, in short transactions that wait for nobody for
 * long. Can be stopped at any point and run again, also twice at a time.
 */
export const maintain = async (options: MaintenanceOptions): Promise<MaintenanceReport> => {
  const { clock, lockTimeoutMs = 500, onProgress = () => {} } = options;
  const database = untilAborted(options.database, options.signal);
  const daysAgo = (days: number) => new Date(clock.nowMs() - days * DAY_MS).toISOString();
  const steps: [Kind, (bench: Bench) => Bites][] = [
    ['idempotency keys', (bench) => deleteIdempotencyKeys(bench, clock.nowIso())],
    ['sessions', (bench) => deleteSessions(bench, daysAgo(SESSION_RETENTION_DAYS))],
    ['audit entries', (bench) => deleteAuditEntries(bench, daysAgo(options.auditRetentionDays))],
    ['webhook deliveries', deleteRemovedEndpoints],
    ['events', (bench) => deleteEvents(bench, daysAgo(options.eventRetentionDays))],
    ['asked answers', (bench) => forgetAskedAnswers(bench, clock.nowMs())],
  ];
  const deleted: Record<Kind, number> = {
    'idempotency keys': 0,
    sessions: 0,
    'audit entries': 0,
    'webhook deliveries': 0,
    events: 0,
    'asked answers': 0,
  };
  const analyzed: string[] = [];
  const postponed = new Set<string>();
  const unlessLocked = (what: string, work: Promise<void>) =>
    work.catch((error: unknown) => {
      if (!gaveWay(error)) throw error;
      postponed.add(what);
    });

  // First, so that what is deleted is found by plans that know the tables.
  for (const table of await tablesToAnalyze(database)) {
    const analyze = async () => {
      await analyzeTable(database, table, lockTimeoutMs);
      analyzed.push(table);
    };
    await unlessLocked(table, analyze());
  }
  const scopes: Scope[] = [];
  await forEachTenant(database, async (scope) => scopes.push(scope));
  for (const [index, scope] of scopes.entries()) {
    onProgress(index, scopes.length);
    for (const [kind, step] of steps) {
      const count = async () => {
        for await (const rows of step({ database, scope, lockTimeoutMs })) deleted[kind] += rows;
      };
      await unlessLocked(kind, count());
    }
  }
  return { deleted, analyzed, postponed: [...postponed] };
};

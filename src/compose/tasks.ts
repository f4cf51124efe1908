import type { Config } from '../config.ts';
import { expireKeys } from '../features/commands/index.ts';
import { rollHorizon, sweepAllHolds } from '../features/inventory/index.ts';
import { maintain } from '../features/maintenance/index.ts';
import { checkLedger } from '../features/monitoring/index.ts';
import { refreshAllPricesFrom } from '../features/rates/index.ts';
import { systemClock } from '../kernel/clock.ts';
import { forEachTenant } from '../platform/db/each-tenant.ts';
import { untilAborted } from '../platform/db/until-aborted.ts';
import type { Task } from '../platform/jobs/task.ts';
import type { Data } from './data.ts';
import type { Parts } from './parts.ts';

type Run = Task['run'];

/** What is done beside requests, by a worker, and when. */
export const composeTasks = (
  config: Config,
  { database }: Data,
  { clock }: Parts,
  { tellAll, deliverAll }: { tellAll: Run; deliverAll: Run },
): Task[] => [
  {
    name: 'sweep-holds',
    schedule: { everyMs: config.SWEEP_INTERVAL_MS },
    run: (signal) => sweepAllHolds(untilAborted(database, signal), clock),
  },
  {
    name: 'roll-horizon',
    schedule: { everyMs: config.HORIZON_INTERVAL_MS },
    run: (signal) => rollHorizon(untilAborted(database, signal), clock, config.HORIZON_DAYS),
  },
  {
    name: 'refresh-lowest-prices',
    schedule: { everyMs: config.HORIZON_INTERVAL_MS },
    run: (signal) => refreshAllPricesFrom(untilAborted(database, signal), clock),
  },
  {
    name: 'expire-idempotency-keys',
    schedule: { everyMs: config.KEY_EXPIRY_INTERVAL_MS },
    run: (signal) => {
      const interruptible = untilAborted(database, signal);
      return forEachTenant(interruptible, (scope) => expireKeys(interruptible, scope, clock.nowIso()));
    },
  },
  {
    name: 'maintain',
    schedule: { cron: config.MAINTAIN_CRON },
    run: (signal) =>
      maintain({
        database,
        clock,
        signal,
        auditRetentionDays: config.AUDIT_RETENTION_DAYS,
        eventRetentionDays: config.EVENT_RETENTION_DAYS,
      }),
  },
  { name: 'dispatch-events', schedule: { everyMs: config.DISPATCH_INTERVAL_MS }, run: tellAll },
  { name: 'deliver-webhooks', schedule: { everyMs: config.DISPATCH_INTERVAL_MS }, run: deliverAll },
];

/** By itself, since it looks at everything: whoever moves the clock does not wait for it. */
export const ledgerCheck = (config: Config, { database }: Data): Task => ({
  name: 'check-ledger',
  schedule: { cron: config.LEDGER_CHECK_CRON },
  run: (signal) => checkLedger(untilAborted(database, signal), systemClock),
});

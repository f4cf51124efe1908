import { setTimeout as delay } from 'node:timers/promises';
import { sum } from '../../kernel/money.ts';
import type { Database } from '../../platform/db/database.ts';
import { newScope } from '../../platform/db/scope.ts';
import { type AttemptOptions, attemptDelivery, reasonToDisable } from './attempt.ts';
import { findDue, leaseEndpoint, releaseEndpoint, type ServedEndpoint } from './deliveries-due.ts';
import { disableEndpoint, noteOutcomes, type Outcome } from './outcomes.ts';

export interface ServeOptions extends AttemptOptions {
  database: Database;
  /** Deliveries under way at once. */
  atOnce: number;
  worker: string;
  tenant: string;
  endpointId: string;
  /** Nothing more is begun once aborted. */
  stopping: AbortSignal;
  /** What is under way is given up once aborted. */
  calledOff: AbortSignal;
}

/** A worker that vanished is missed after this; the lease is renewed when half of it is over. */
const LEASE_MS = 20_000;
/** A delivery is given up after all pauses; when nothing reached its endpoint for this part of them, that is switched off. */
const GIVE_UP_PART = 2 / 3;

/** Serves one endpoint for as long as something is due and no other worker does. */
export const serveEndpoint = async (options: ServeOptions): Promise<void> => {
  const { database, clock, atOnce, worker, endpointId, stopping, calledOff } = options;
  const scope = newScope(options.tenant);
  const giveUpMs = GIVE_UP_PART * sum(options.pausesMs);
  const underWay = new Map<string, Promise<void>>();
  let outcomes: Outcome[] = [];
  let endpoint: ServedEndpoint | null = null;
  let held = false;
  let renewal = Promise.resolve();
  let renewAt = 0;

  const renew = async () => {
    const nowMs = clock.nowMs();
    const untilIso = new Date(nowMs + LEASE_MS).toISOString();
    const leased = await database.transaction(scope, ({ sql: db }) =>
      leaseEndpoint(db, endpointId, worker, { nowIso: new Date(nowMs).toISOString(), untilIso }),
    );
    held = leased !== null;
    endpoint = leased ?? endpoint;
    renewAt = performance.now() + LEASE_MS / 2;
    renewal = delay(LEASE_MS / 2, undefined, { ref: false });
  };

  const note = async (served: ServedEndpoint) => {
    const noted = outcomes.slice();
    const nowIso = clock.nowIso();
    const reason = noted.map((outcome) => reasonToDisable(outcome, served, clock.nowMs(), giveUpMs)).find(Boolean);
    await database.transaction(scope, async ({ sql: db }) => {
      await noteOutcomes(db, endpointId, noted, nowIso);
      if (reason) await disableEndpoint(db, endpointId, reason, nowIso);
    });
    outcomes = outcomes.slice(noted.length);
    if (reason) renewAt = 0;
  };

  const begin = async (served: ServedEndpoint) => {
    // What is over but not noted is pending still in the database.
    const known = [...underWay.keys(), ...outcomes.map(({ deliveryId }) => deliveryId)];
    const limit = atOnce - underWay.size;
    const due = await database.read(scope, 'primary', (db) =>
      findDue(db, endpointId, { nowIso: clock.nowIso(), underWay: known, limit }),
    );
    for (const delivery of due) {
      const attempt = attemptDelivery(options, served, delivery, calledOff)
        .then((outcome) => void outcomes.push(outcome))
        .catch(() => {})
        .then(() => void underWay.delete(delivery.id));
      underWay.set(delivery.id, attempt);
    }
  };

  try {
    for (;;) {
      if (endpoint && outcomes.length > 0) await note(endpoint);
      if (performance.now() >= renewAt) await renew();
      if (endpoint && held && !stopping.aborted && underWay.size < atOnce) await begin(endpoint);
      if (outcomes.length > 0) continue;
      if (underWay.size === 0) return;
      await Promise.race([...underWay.values(), renewal]);
    }
  } finally {
    await Promise.all(underWay.values());
    await database.transaction(scope, ({ sql: db }) => releaseEndpoint(db, endpointId, worker));
  }
};

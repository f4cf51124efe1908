import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../kernel/clock.ts';
import { sum } from '../../kernel/money.ts';
import type { Database } from '../../platform/db/database.ts';
import { newScope } from '../../platform/db/scope.ts';
import { type AttemptOptions, attemptDelivery, reasonToDisable } from './attempt.ts';
import { findDue, findServed, leaseEndpoint, releaseEndpoint } from './deliveries-due.ts';
import { disableEndpoint, noteOutcomes, type Outcome } from './outcomes.ts';
import type { Pokes } from './pokes.ts';

export interface ServeOptions extends AttemptOptions {
  database: Database;
  /** Of the machine, also where `clock` stands: leases are about processes. */
  machineClock: Clock;
  /** Deliveries under way at once. */
  atOnce: number;
  worker: string;
  tenant: string;
  endpointId: string;
  /** Rings when something new may be due. */
  pokes: Pokes;
  /** Nothing more is begun once aborted. */
  stopping: AbortSignal;
  /** What is under way is given up once aborted. */
  calledOff: AbortSignal;
}

/** A worker that vanished is missed after this; the lease is renewed when half of it is over. */
const LEASE_MS = 20_000;
/** A delivery is given up after all pauses; when nothing reached its endpoint for this part of them, that is switched off. */
const GIVE_UP_PART = 2 / 3;
/** How often what nobody was poked for is looked for, while there is room for more. */
const LOOK_MS = 1_000;
const RETRY_MS = 500;

/** Serves one endpoint for as long as something is due and no other worker does. What was sent is noted, however long the database is away. */
export const serveEndpoint = async (options: ServeOptions): Promise<void> => {
  const { database, clock, machineClock, atOnce, worker, endpointId, stopping, calledOff } = options;
  const scope = newScope(options.tenant);
  const giveUpMs = GIVE_UP_PART * sum(options.pausesMs);
  const underWay = new Map<string, Promise<void>>();
  let outcomes: Outcome[] = [];
  let held = false;
  let renewAt = 0;

  const renew = async () => {
    const nowMs = machineClock.nowMs();
    const times = { nowIso: new Date(nowMs).toISOString(), untilIso: new Date(nowMs + LEASE_MS).toISOString() };
    held = await database.transaction(scope, ({ sql: db }) => leaseEndpoint(db, endpointId, worker, times));
    renewAt = performance.now() + LEASE_MS / 2;
  };

  const note = async () => {
    const noted = outcomes.slice();
    const nowMs = clock.nowMs();
    const nowIso = new Date(nowMs).toISOString();
    await database.transaction(scope, async ({ sql: db }) => {
      const failingSince = await noteOutcomes(db, endpointId, noted, nowIso);
      const reason = reasonToDisable(noted, failingSince, nowMs, giveUpMs);
      if (reason) await disableEndpoint(db, endpointId, reason, nowIso);
    });
    outcomes = outcomes.slice(noted.length);
  };

  const begin = async () => {
    const nowIso = clock.nowIso();
    // What is over but not noted is pending still in the database.
    const known = [...underWay.keys(), ...outcomes.map(({ deliveryId }) => deliveryId)];
    const limit = atOnce - underWay.size;
    const [served, due] = await database.read(scope, 'primary', async (db) => [
      await findServed(db, endpointId, worker, nowIso),
      await findDue(db, endpointId, { nowIso, underWay: known, limit }),
    ]);
    if (!served) return;
    for (const delivery of due) {
      const attempt = attemptDelivery(options, served, delivery, calledOff)
        .then((outcome) => void outcomes.push(outcome))
        .catch(() => {})
        .then(() => void underWay.delete(delivery.id));
      underWay.set(delivery.id, attempt);
    }
  };

  const step = async () => {
    if (outcomes.length > 0) await note();
    if (performance.now() >= renewAt) await renew();
    if (held && !stopping.aborted && underWay.size < atOnce) await begin();
  };

  using bell = options.pokes.hang(endpointId);
  try {
    for (let failures = 0; ; ) {
      try {
        await step();
        failures = 0;
      } catch (error) {
        if (calledOff.aborted) return;
        if (failures++ === 0) options.onFault(error);
        await delay(RETRY_MS);
        continue;
      }
      if (outcomes.length > 0) continue;
      if (underWay.size === 0) return;
      const untilMs = Math.min(renewAt - performance.now(), underWay.size < atOnce ? LOOK_MS : LEASE_MS);
      await bell.rungOr(underWay.values(), untilMs);
    }
  } finally {
    await Promise.all(underWay.values());
    if (outcomes.length > 0) await note();
    await database.transaction(scope, ({ sql: db }) => releaseEndpoint(db, endpointId, worker));
  }
};

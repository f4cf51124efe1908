import { sql } from 'kysely';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Database } from '../../platform/db/database.ts';
import { newScope } from '../../platform/db/scope.ts';
import { createTurns } from '../../platform/jobs/turns.ts';
import type { AttemptOptions } from './attempt.ts';
import { createPokes } from './pokes.ts';
import { serveEndpoint } from './serve-endpoint.ts';

export interface DelivererOptions extends AttemptOptions {
  database: Database;
  /** Of the machine, also where `clock` stands. */
  machineClock: Clock;
  ids: Ids;
  /** Deliveries under way at once to one endpoint. */
  atOnce: number;
}

export interface Deliverer {
  /** Begins to deliver what is due, wherever no other worker does. */
  serveAll(): Promise<void>;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  /** Begins no more deliveries, lets those under way end within `graceMs`, and gives the rest back. */
  stop(graceMs: number): Promise<void>;
}

/** One that is slow takes a place for as long as its answers take, but a connection only between them. */
const ENDPOINTS_AT_ONCE = 500;

export const createDeliverer = (options: DelivererOptions): Deliverer => {
  const { database, clock, machineClock, ids } = options;
  const worker = ids.uuid();
  const stopping = new AbortController();
  const calledOff = new AbortController();

  const pokes = createPokes();
  const serve = (tenant: string, endpointId: string) =>
    serveEndpoint({
      ...options,
      worker,
      pokes,
      tenant,
      endpointId,
      stopping: stopping.signal,
      calledOff: calledOff.signal,
    });

  const turns = createTurns(ENDPOINTS_AT_ONCE, options.onFault);
  /** One look for all who ask while it waits, since it looks at every endpoint. */
  const looks = createTurns(1, options.onFault);
  const look = async () => {
    const { rows } = await database.read(newScope(null), 'primary', (db) =>
      sql<{ tenant: string; endpoint: string }>`
        select tenant_id as tenant, endpoint_id as endpoint
        from app.endpoints_to_serve(${worker}, ${clock.nowIso()}, ${machineClock.nowIso()})`.execute(db),
    );
    for (const { tenant, endpoint } of rows) {
      pokes.poke(endpoint);
      void turns.ask(endpoint, () => serve(tenant, endpoint));
    }
  };
  return {
    serveAll: () => looks.ask('all', look),
    settled: turns.settled,
    async stop(graceMs) {
      stopping.abort();
      const timer = setTimeout(() => calledOff.abort(new Error('the worker stops')), graceMs);
      await looks.stop();
      await turns.stop();
      clearTimeout(timer);
    },
  };
};

import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { AppError } from '../../kernel/app-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Database } from '../../platform/db/database.ts';
import { newScope } from '../../platform/db/scope.ts';
import { createTurns } from '../../platform/jobs/turns.ts';
import { type Consumer, noteFailure, tellNext } from './consumer.ts';

export interface DispatcherOptions {
  database: Database;
  clock: Clock;
  consumers: readonly Consumer[];
  /** Told of what a consumer threw. */
  onFault(consumer: string, error: unknown): void;
  /** Told of an event that a consumer is not told of any more, after its last failure. */
  onSetAside(consumer: string, eventId: string): void;
}

export interface Dispatcher {
  /** Tells every consumer the tenant's new events; resolves when nothing is left that can be told now. */
  tell(tenant: string): Promise<void>;
  /** Begins the same for every tenant that has some. */
  tellAll(): Promise<void>;
  /** Begins nothing more, and resolves when what runs has ended. */
  stop(): Promise<void>;
}

const BATCH = 200;
/** Tenants that a consumer is told of at once in a process: each takes a connection. */
const AT_ONCE = 3;
const BATCHES_A_TURN = 5;
/** How often events that are not final yet are looked at again by whoever was woken for them. */
const LOOKS = 8;
const LOOK_AGAIN_MS = 4;

/** The database is away; a batch that takes it too long is another matter. */
const isPassing = (error: unknown) => error instanceof AppError && error.retryable && error.code !== 'QUERY_TIMEOUT';

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Hands events to consumers: each in its own time, a tenant's events in order, by one worker at a time. */
export const createDispatcher = (options: DispatcherOptions): Dispatcher => {
  const { database, clock, consumers } = options;
  const stopping = new AbortController();

  /** Tells a few batches; answers whether there may be more. */
  const drain = async (consumer: Consumer, tenant: string): Promise<boolean> => {
    let looks = 0;
    let limit = BATCH;
    for (let batches = 0; batches < BATCHES_A_TURN && !stopping.signal.aborted; ) {
      try {
        const told = await tellNext(database, newScope(tenant), consumer, { limit, nowIso: clock.nowIso() });
        if (told === 'more') {
          consumer.onHandled?.(tenant);
          limit = Math.min(BATCH, limit * 2);
          looks = 0;
          batches += 1;
        } else if (told !== 'unsettled' || ++looks > LOOKS) return false;
        else await delay(LOOK_AGAIN_MS * looks);
      } catch (error) {
        if (isPassing(error)) throw error;
        if (limit > 1) {
          // Those before the one at fault are told first.
          limit = 1;
          continue;
        }
        options.onFault(consumer.name, error);
        const setAside = await noteFailure(database, tenant, consumer.name, reasonOf(error), clock.nowMs());
        if (setAside === null) return false;
        options.onSetAside(consumer.name, setAside);
      }
    }
    return true;
  };

  /** Each consumer has turns of its own, and a tenant with much to tell goes to the back of the line. */
  const turns = new Map(
    consumers.map(({ name }) => [name, createTurns(AT_ONCE, (error) => options.onFault(name, error))]),
  );
  const ask = async (consumer: Consumer, tenant: string): Promise<void> => {
    for (let more = true; more && !stopping.signal.aborted; ) {
      more = false;
      await turns.get(consumer.name)?.ask(tenant, async () => {
        more = await drain(consumer, tenant);
      });
    }
  };

  return {
    tell: async (tenant) => {
      await Promise.all(consumers.map((consumer) => ask(consumer, tenant)));
    },
    tellAll: async () => {
      for (const consumer of consumers) {
        const { rows } = await database.read(newScope(null), 'primary', (db) =>
          sql<{ id: string }>`select id from app.tenants_to_tell(${consumer.name}, ${clock.nowIso()}) as id`.execute(
            db,
          ),
        );
        for (const { id } of rows) void ask(consumer, id);
      }
    },
    async stop() {
      stopping.abort();
      await Promise.all([...turns.values()].map((own) => own.stop()));
    },
  };
};

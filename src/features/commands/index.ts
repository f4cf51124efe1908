import { sql } from 'kysely';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Database, Transaction } from '../../platform/db/database.ts';
import type { BookingEventExtra, BookingEventType, EventPayload, TenantEventType } from '../events/index.ts';
import { type AuditNote, writeAudit } from './audit.ts';
import type { Caller } from './caller.ts';
import type { GuestVault } from './guest-vault.ts';
import { findEarlierAnswer, storeAnswer } from './idempotency.ts';

export type { AuditNote } from './audit.ts';
export type { Caller } from './caller.ts';
export { expireKeys } from './expiry.ts';
export { createGuestVault, type GuestVault } from './guest-vault.ts';
export { idempotencyKey } from './idempotency.ts';

/** A running domain mutation: one transaction with the instant it happens at. */
export interface Command extends Transaction {
  caller: Caller;
  nowMs: number;
  nowIso: string;
  /** Notes what was done; at least one note a command. */
  audit(note: AuditNote): void;
  /** Writes the next event of a booking whose row this transaction has locked or made, and whose changes are flushed. */
  event<Type extends BookingEventType>(bookingId: string, type: Type, extra: BookingEventExtra<Type>): Promise<void>;
  /** Notes an event that is of no booking. Payloads hold no personal data. */
  announce<Type extends TenantEventType>(type: Type, payload: EventPayload<Type>): void;
  /** Says that the answer holds this guest's personal data: it is stored sealed under the guest's key. */
  answerHoldsDataOf(guestId: string): void;
  /** What a retry is answered instead of the answer itself: the same without its secret. */
  storeAnswerAs(answer: unknown): void;
  /**
   * Runs `step` after everything else is written, right before the commit, so that what it locks is locked for as
   * short as can be.
   */
  beforeCommit(step: () => Promise<void>): void;
  vault: GuestVault;
}

export interface Commands {
  /**
   * Runs `work` and stores its answer, audit and events in one transaction; with a key seen in the last 24 hours it
   * answers what was answered then. `work` may run again after a lost race: all it does must go through the command.
   */
  run<T>(
    caller: Caller,
    procedure: string,
    input: { idempotencyKey: string },
    work: (command: Command) => Promise<T>,
  ): Promise<T>;
  /** The same for the few mutations that take no key, such as sign-in: nothing is stored for a retry. */
  runWithoutKey<T>(caller: Caller, procedure: string, work: (command: Command) => Promise<T>): Promise<T>;
}

interface Done<T> {
  answer: T;
  stored: unknown;
  guestId: string | null;
  announced: boolean;
  lastSteps: (() => Promise<void>)[];
}

/** Whose answers a key may replay: a booker never gets another one's, whatever key and body it guesses. */
const ownOf = ({ principal }: Caller): string | null => (principal.ownBookingsOnly ? principal.id : null);

export interface CommandsOptions {
  database: Database;
  clock: Clock;
  ids: Ids;
  vault: GuestVault;
  /** Told of each tenant that has new events, right after their commit. */
  onCommitted: (tenant: string) => void;
}

export const createCommands = (deps: CommandsOptions): Commands => {
  const perform = async <T>(
    { em, sql: db }: Transaction,
    caller: Caller,
    procedure: string,
    nowMs: number,
    work: (command: Command) => Promise<T>,
  ): Promise<Done<T>> => {
    const nowIso = new Date(nowMs).toISOString();
    const notes: AuditNote[] = [];
    const announcements: { type: string; payload: string }[] = [];
    let guestId: string | null = null;
    let announced = false;
    let replacement: { answer: unknown } | null = null;
    const lastSteps: Done<T>['lastSteps'] = [];
    const answer = await work({
      em,
      sql: db,
      caller,
      nowMs,
      nowIso,
      vault: deps.vault,
      audit: (note) => void notes.push(note),
      answerHoldsDataOf: (id) => {
        guestId = id;
      },
      storeAnswerAs: (instead) => {
        replacement = { answer: instead };
      },
      beforeCommit: (step) => void lastSteps.push(step),
      event: async (bookingId, type, extra) => {
        announced = true;
        await sql`select app.append_event(${bookingId}, ${type}, ${JSON.stringify(extra)}, ${nowIso})`.execute(db);
      },
      announce: (type, payload) => void announcements.push({ type, payload: JSON.stringify(payload) }),
    });
    await em.flush();
    if (notes.length === 0) throw new Error(`${procedure} left no audit note`);
    for (const { type, payload } of announcements) {
      await sql`select app.append_event(${type}, ${payload}::jsonb, ${nowIso})`.execute(db);
    }
    for (const note of notes) await writeAudit(db, deps, caller, { procedure, at: nowIso, note });
    const stored = (replacement ?? { answer }).answer;
    return { answer, stored, guestId, announced: announced || announcements.length > 0, lastSteps };
  };

  /** Runs a transaction that says whether it wrote events; others are woken once it is committed. */
  const announcing = async <T>(
    caller: Caller,
    work: (tx: Transaction) => Promise<{ answer: T; announced: boolean }>,
    options?: { repeatable: boolean },
  ): Promise<T> => {
    const { answer, announced } = await deps.database.transaction(caller.scope, work, options);
    if (announced) deps.onCommitted(caller.principal.tenant);
    return answer;
  };

  return {
    run: <T>(
      caller: Caller,
      procedure: string,
      { idempotencyKey: key, ...request }: { idempotencyKey: string },
      work: (command: Command) => Promise<T>,
    ) => {
      const mac = deps.vault.digest(JSON.stringify([procedure, request, ownOf(caller)]));
      const once = async (tx: Transaction) => {
        const nowMs = deps.clock.nowMs();
        const nowIso = new Date(nowMs).toISOString();
        const earlier = await findEarlierAnswer(tx.sql, deps.vault, key, procedure, mac, nowIso);
        // The answer was produced by `work` under the same procedure and request.
        if (earlier) return { answer: earlier.answer as T, announced: false };
        const { answer, stored, guestId, announced, lastSteps } = await perform(tx, caller, procedure, nowMs, work);
        await storeAnswer(tx.sql, deps.vault, { key, procedure, mac, answer: stored, guestId, nowMs });
        for (const step of lastSteps) await step();
        return { answer, announced };
      };
      return announcing(caller, once, { repeatable: true });
    },
    runWithoutKey: (caller, procedure, work) =>
      announcing(caller, async (tx) => {
        const { answer, announced, lastSteps } = await perform(tx, caller, procedure, deps.clock.nowMs(), work);
        for (const step of lastSteps) await step();
        return { answer, announced };
      }),
  };
};

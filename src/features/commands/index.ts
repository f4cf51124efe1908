import { sql } from 'kysely';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Database, Transaction } from '../../platform/db/database.ts';
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
  /** Writes the next event of a booking whose row this transaction has locked or made. Payloads hold no personal data. */
  event(bookingId: string, type: string, payload: Record<string, unknown>): Promise<void>;
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
  lastSteps: (() => Promise<void>)[];
}

/** Whose answers a key may replay: a booker never gets another one's, whatever key and body it guesses. */
const ownOf = ({ principal }: Caller): string | null => (principal.ownBookingsOnly ? principal.id : null);

export const createCommands = (deps: { database: Database; clock: Clock; ids: Ids; vault: GuestVault }): Commands => {
  const perform = async <T>(
    { em, sql: db }: Transaction,
    caller: Caller,
    procedure: string,
    nowMs: number,
    work: (command: Command) => Promise<T>,
  ): Promise<Done<T>> => {
    const nowIso = new Date(nowMs).toISOString();
    const notes: AuditNote[] = [];
    let guestId: string | null = null;
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
      event: async (bookingId, type, payload) => {
        await sql`select app.append_event(${bookingId}, ${type}, ${JSON.stringify(payload)}, ${nowIso})`.execute(db);
      },
    });
    await em.flush();
    if (notes.length === 0) throw new Error(`${procedure} left no audit note`);
    for (const note of notes) await writeAudit(db, deps, caller, { procedure, at: nowIso, note });
    return { answer, stored: (replacement ?? { answer }).answer, guestId, lastSteps };
  };

  return {
    run: (caller, procedure, { idempotencyKey: key, ...request }, work) => {
      const mac = deps.vault.digest(JSON.stringify([procedure, request, ownOf(caller)]));
      return deps.database.transaction(
        caller.scope,
        async (tx) => {
          const nowMs = deps.clock.nowMs();
          const nowIso = new Date(nowMs).toISOString();
          const earlier = await findEarlierAnswer(tx.sql, deps.vault, key, procedure, mac, nowIso);
          // The answer was produced by `work` under the same procedure and request.
          if (earlier) return earlier.answer as Awaited<ReturnType<typeof work>>;
          const { answer, stored, guestId, lastSteps } = await perform(tx, caller, procedure, nowMs, work);
          await storeAnswer(tx.sql, deps.vault, { key, procedure, mac, answer: stored, guestId, nowMs });
          for (const step of lastSteps) await step();
          return answer;
        },
        { repeatable: true },
      );
    },
    runWithoutKey: (caller, procedure, work) =>
      deps.database.transaction(caller.scope, async (tx) => {
        const { answer, lastSteps } = await perform(tx, caller, procedure, deps.clock.nowMs(), work);
        for (const step of lastSteps) await step();
        return answer;
      }),
  };
};

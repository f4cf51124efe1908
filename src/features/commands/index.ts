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
}

export const createCommands = (deps: { database: Database; clock: Clock; ids: Ids; vault: GuestVault }): Commands => ({
  run: (caller, procedure, { idempotencyKey: key, ...request }, work) => {
    const mac = deps.vault.digest(JSON.stringify([procedure, request]));
    return deps.database.transaction(
      caller.scope,
      async ({ em, sql: db }) => {
        const nowMs = deps.clock.nowMs();
        const nowIso = deps.clock.nowIso();
        const earlier = await findEarlierAnswer(db, deps.vault, key, procedure, mac, nowIso);
        // The answer was produced by `work` under the same procedure and request.
        if (earlier) return earlier.answer as Awaited<ReturnType<typeof work>>;

        const notes: AuditNote[] = [];
        let guestId: string | null = null;
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
          event: async (bookingId, type, payload) => {
            await sql`select app.append_event(${bookingId}, ${type}, ${JSON.stringify(payload)}, ${nowIso})`.execute(
              db,
            );
          },
        });
        await em.flush();
        if (notes.length === 0) throw new Error(`${procedure} left no audit note`);
        for (const note of notes) await writeAudit(db, deps, caller, { procedure, at: nowIso, note });
        await storeAnswer(db, deps.vault, { key, procedure, mac, answer, guestId, nowMs });
        return answer;
      },
      { repeatable: true },
    );
  },
});

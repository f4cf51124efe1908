import { sql } from 'kysely';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Database, Transaction } from '../../platform/db/database.ts';
import type { BookingEventExtra, BookingEventType, EventPayload, TenantEventType } from '../events/index.ts';
import { type AuditNote, auditRow } from './audit.ts';
import type { Batch, KeyedCall, Outcome } from './batch.ts';
import type { Caller } from './caller.ts';
import type { GuestVault } from './guest-vault.ts';
import { answerRow, findEarlierAnswer, keyedRequest } from './idempotency.ts';
import { type Row, writeRecords } from './records.ts';
import { runTogether } from './run-together.ts';

export type { AuditNote } from './audit.ts';
export type { Batch, KeyedCall, Outcome } from './batch.ts';
export { createBatching } from './batching.ts';
export type { Caller } from './caller.ts';
export { expireKeys } from './expiry.ts';
export { createGuestVault, type GuestVault } from './guest-vault.ts';
export { idempotencyKey } from './idempotency.ts';
export { bytea, type Records, type Row, toJson } from './records.ts';

/** A running domain mutation: one transaction with the instant it happens at. */
export interface Command extends Transaction {
  caller: Caller;
  nowMs: number;
  nowIso: string;
  /** Notes what was done; at least one note a command. */
  audit(note: AuditNote): void;
  /** Writes the next event of a booking whose row this transaction has locked or made, and whose changes are flushed. */
  event<Type extends BookingEventType>(bookingId: string, type: Type, extra: BookingEventExtra<Type>): Promise<void>;
  /** Says that the work has written events by itself, so that others are told. */
  wroteEvents(): void;
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
  /**
   * Runs calls of one tenant as one transaction and answers how each ended, in their order. Twins are one call to
   * `work`, which may run again after a lost race. A call that its batch could not settle is answered 'alone', and is to
   * be run by itself: its key is taken elsewhere or asks for two things, or the whole batch failed.
   */
  runTogether<Call extends KeyedCall, T>(
    calls: readonly Call[],
    work: (batch: Batch<Call, T>) => Promise<ReadonlyMap<Call, Outcome<T>>>,
  ): Promise<Outcome<T>[]>;
  /** The same as `run` for the few mutations that take no key, such as sign-in: nothing is stored for a retry. */
  runWithoutKey<T>(caller: Caller, procedure: string, work: (command: Command) => Promise<T>): Promise<T>;
}

interface Done<T> {
  answer: T;
  stored: unknown;
  guestId: string | null;
  announced: boolean;
  audits: Row[];
  lastSteps: (() => Promise<void>)[];
}

interface Announcement {
  type: string;
  payload: string;
}

/** Events of no booking, in their order. */
const appendEvents = (db: Transaction['sql'], events: readonly Announcement[], nowIso: string) =>
  sql`
    select app.append_event(a.type, a.payload::jsonb, ${nowIso}::timestamptz)
    from unnest(${events.map(({ type }) => type)}::text[], ${events.map(({ payload }) => payload)}::text[])
      with ordinality as a (type, payload, n)
    order by a.n`.execute(db);

export interface CommandsOptions {
  database: Database;
  clock: Clock;
  ids: Ids;
  vault: GuestVault;
  /** Told of each tenant that has new events, right after their commit. */
  onCommitted: (tenant: string) => void;
  /** Told of each command that is answered from its key. */
  onReplayed?: () => void;
  /** Told of each transaction that calls shared: how many, and how long it took. */
  onBatch?: (size: number, milliseconds: number) => void;
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
    const announcements: Announcement[] = [];
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
      wroteEvents: () => {
        announced = true;
      },
      announce: (type, payload) => void announcements.push({ type, payload: JSON.stringify(payload) }),
    });
    await em.flush();
    if (notes.length === 0) throw new Error(`${procedure} left no audit note`);
    if (announcements.length > 0) await appendEvents(db, announcements, nowIso);
    const audits: Row[] = [];
    for (const note of notes) audits.push(await auditRow(db, deps, caller, { procedure, at: nowIso, note }));
    const stored = (replacement ?? { answer }).answer;
    return { answer, stored, guestId, announced: announced || announcements.length > 0, audits, lastSteps };
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
      input: { idempotencyKey: string },
      work: (command: Command) => Promise<T>,
    ) => {
      const request = keyedRequest(deps.vault, caller, procedure, input);
      const { tenant } = caller.principal;
      const once = async (tx: Transaction) => {
        const nowMs = deps.clock.nowMs();
        const earlier = await findEarlierAnswer(tx.sql, deps.vault, request, new Date(nowMs).toISOString());
        // The answer was produced by `work` under the same procedure and request.
        if (earlier) {
          deps.onReplayed?.();
          return { answer: earlier.answer as T, announced: false };
        }
        const { answer, stored, ...done } = await perform(tx, caller, procedure, nowMs, work);
        const told = { tenant, answer: stored, guestId: done.guestId, nowMs };
        const answers = [await answerRow(tx.sql, deps.vault, request, told)];
        await writeRecords(tx.sql, { audits: done.audits, answers });
        for (const step of done.lastSteps) await step();
        return { answer, announced: done.announced };
      };
      return announcing(caller, once, { repeatable: true });
    },
    runTogether: (calls, work) => runTogether(deps, calls, work),
    runWithoutKey: (caller, procedure, work) =>
      announcing(caller, async (tx) => {
        const { answer, announced, audits, lastSteps } = await perform(tx, caller, procedure, deps.clock.nowMs(), work);
        await writeRecords(tx.sql, { audits, answers: [] });
        for (const step of lastSteps) await step();
        return { answer, announced };
      }),
  };
};

import { type RawBuilder, sql } from 'kysely';
import { AppError } from '../../kernel/app-error.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Sql } from '../../platform/db/database.ts';
import { type AuditNote, auditRow } from './audit.ts';
import type { Caller } from './caller.ts';
import type { GuestVault } from './guest-vault.ts';
import { answerRow, type KeyedRequest, replayed } from './idempotency.ts';
import { bytesOf, type Records } from './records.ts';

/** A call of a command that may run together with others. */
export interface KeyedCall {
  caller: Caller;
  procedure: string;
  input: { idempotencyKey: string };
}

/** How a call of a batch ended; 'alone' says that it has to run by itself. */
export type Outcome<T> = { answer: T } | { refusal: AppError } | 'alone';

/** What a call of a batch did, and what its retry is answered: data of this guest. */
export interface Done<Call, T> {
  call: Call;
  answer: T;
  guestId: string;
  note: AuditNote;
}

/** Calls with a key each in one transaction, with the instant they happen at. */
export interface Batch<Call, T> {
  sql: Sql;
  nowMs: number;
  nowIso: string;
  vault: GuestVault;
  /** Claims the calls' keys, with the rows of `also` in the same statement; answers those to be done, in their order. */
  claim<R>(also: RawBuilder<R>): Promise<{ fresh: Call[]; rows: R[] }>;
  /** What these calls leave behind, to be written by app.record_commands. */
  records(done: readonly Done<Call, T>[]): Promise<Records>;
  /** Says that events were written, so that others are told. */
  wroteEvents(): void;
}

interface TakenKey {
  key: string;
  busy: boolean;
  procedure: string | null;
  request_mac: string | null;
  answer: string | null;
  guest_id: string | null;
}

/** What became of the calls so far. */
export interface Settled<Call, T> {
  outcomes: Map<Call, Outcome<T>>;
  announced: boolean;
}

interface BatchTerms {
  vault: GuestVault;
  ids: Ids;
  tenant: string;
  nowMs: number;
  onReplayed?: (() => void) | undefined;
}

/** A batch of the calls in `requests`, in their order; notes in `settled` those that are answered by their keys. */
export const openBatch = <Call extends KeyedCall, T>(
  db: Sql,
  { vault, ids, tenant, nowMs, onReplayed }: BatchTerms,
  requests: ReadonlyMap<Call, KeyedRequest>,
  settled: Settled<Call, T>,
): Batch<Call, T> => {
  const nowIso = new Date(nowMs).toISOString();

  const earlierOutcome = async (request: KeyedRequest, { busy, ...stored }: TakenKey): Promise<Outcome<T>> => {
    const { procedure, request_mac, answer, guest_id } = stored;
    if (busy || procedure === null || request_mac === null || answer === null) return 'alone';
    const earlier = { procedure, guest_id, request_mac: bytesOf(request_mac), answer: bytesOf(answer) };
    try {
      // The answer was produced under the same procedure and request.
      const answer = (await replayed(db, vault, request, earlier)) as T;
      onReplayed?.();
      return { answer };
    } catch (error) {
      return error instanceof AppError ? { refusal: error } : 'alone';
    }
  };

  return {
    ...{ sql: db, nowMs, nowIso, vault },
    async claim<R>(also: RawBuilder<R>) {
      const keys = [...requests.values()].map(({ key }) => key);
      const { rows } = await sql<{ taken: TakenKey[] | null; row: R | null }>`
        select k.taken, to_jsonb(a) as row
        from (
          select jsonb_agg(to_jsonb(c)) as taken
          from app.claim_idle_keys(${keys}::text[], ${nowIso}::timestamptz) c
        ) k left join (${also}) a on true`.execute(db);
      const taken = new Map((rows[0]?.taken ?? []).map((row) => [row.key, row]));
      const fresh: Call[] = [];
      for (const [call, request] of requests) {
        const row = taken.get(request.key);
        if (row) settled.outcomes.set(call, await earlierOutcome(request, row));
        else fresh.push(call);
      }
      return { fresh, rows: rows.flatMap(({ row }) => (row === null ? [] : [row])) };
    },
    async records(done) {
      const records: Records = { audits: [], answers: [] };
      for (const { call, answer, guestId, note } of done) {
        const request = requests.get(call);
        if (!request) throw new Error('a call of another batch');
        const entry = { procedure: call.procedure, at: nowIso, note };
        records.audits.push(await auditRow(db, { vault, ids }, call.caller, entry));
        records.answers.push(await answerRow(db, vault, request, { tenant, answer, guestId, nowMs }));
      }
      return records;
    },
    wroteEvents: () => {
      settled.announced = true;
    },
  };
};

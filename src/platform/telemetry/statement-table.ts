import { LRUCache } from 'lru-cache';
import { currentScope, type QueryStatistics } from '../db/scope.ts';
import { fingerprintOf } from './slow-statements.ts';
import { maskSql } from './sql-mask.ts';

/** What one kind of statement has cost in this process. */
export interface StatementKind {
  fingerprint: string;
  /** Without literals. */
  text: string;
  calls: number;
  totalMs: number;
  maxMs: number;
  onReplicas: number;
  /** Most runs within one request or job, and how many of these ran it more than five times. */
  mostInOne: number;
  repeatedIn: number;
}

export interface StatementTable {
  onStatement(text: string, milliseconds: number, target: 'primary' | 'replica'): void;
  /** All kinds that are remembered, in no order. */
  kinds(): StatementKind[];
}

/** More runs of a kind in one request or job are told. */
export const REPEATS = 5;

const MOST_KINDS = 500;
/** Texts whose kind is known; where literals stand in them, each is one of its own. */
const MOST_TEXT = 2_000_000;
const LOOKED_AT = /^\s*(select|with|insert|update|delete|merge|values)\b/i;

const scopeOf = (): QueryStatistics | null => {
  try {
    // Copies of a request's scope share their statistics.
    return currentScope().statistics;
  } catch {
    return null;
  }
};

/** Counts statements by what they are without their literals; a bounded number of kinds, those that ran last. */
export const createStatementTable = (): StatementTable => {
  const kinds = new LRUCache<string, StatementKind>({ max: MOST_KINDS });
  const known = new LRUCache<string, string>({
    maxSize: MOST_TEXT,
    sizeCalculation: (fingerprint, text) => text.length + fingerprint.length,
  });
  const runs = new WeakMap<QueryStatistics, Map<string, number>>();

  const kindOf = (text: string): StatementKind => {
    const fingerprint = known.get(text);
    const found = fingerprint === undefined ? undefined : kinds.get(fingerprint);
    if (found) return found;
    const masked = maskSql(text);
    const computed = fingerprint ?? fingerprintOf(masked);
    known.set(text, computed);
    const kind = kinds.get(computed) ?? {
      ...{ fingerprint: computed, text: masked, calls: 0, totalMs: 0, maxMs: 0 },
      ...{ onReplicas: 0, mostInOne: 0, repeatedIn: 0 },
    };
    kinds.set(computed, kind);
    return kind;
  };

  const countInOne = (kind: StatementKind): void => {
    const scope = scopeOf();
    if (!scope) return;
    const counts = runs.get(scope) ?? new Map<string, number>();
    runs.set(scope, counts);
    const count = (counts.get(kind.fingerprint) ?? 0) + 1;
    counts.set(kind.fingerprint, count);
    if (count === REPEATS + 1) kind.repeatedIn += 1;
    if (count > kind.mostInOne) kind.mostInOne = count;
  };

  return {
    onStatement(text, milliseconds, target) {
      if (!LOOKED_AT.test(text)) return;
      const kind = kindOf(text);
      kind.calls += 1;
      kind.totalMs += milliseconds;
      if (milliseconds > kind.maxMs) kind.maxMs = milliseconds;
      if (target === 'replica') kind.onReplicas += 1;
      countInOne(kind);
    },
    kinds: () => [...kinds.values()].map((kind) => ({ ...kind })),
  };
};

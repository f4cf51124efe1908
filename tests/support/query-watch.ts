import { createHash } from 'node:crypto';
import { currentScope, type QueryStatistics } from '../../src/platform/db/scope.ts';
import type { Listeners } from '../../src/platform/telemetry/listeners.ts';
import { maskSql } from '../../src/platform/telemetry/sql-mask.ts';
import { isRepeatable } from './query-allowances.ts';

/** One statement text may run so often in one request or job, whatever it finds; tests have few rows, so not often. */
export const MOST_RUNS = 5;

/** A masked text is cut about there: longer ones are told apart by the rest. */
const LONG = 2_000;

const LOOKED_AT = /^\s*(select|with|insert|update|delete|merge)\b/i;

export interface QueryWatch {
  onStatement: Listeners['onStatement'];
  /** One text for each kind of statement that has run, by the text without its literals. */
  texts: ReadonlyMap<string, string>;
  /** Statements that a single scope has run more than MOST_RUNS times, one sentence each. */
  repeated(): string[];
}

const scopeOf = (): QueryStatistics | null => {
  try {
    // Copies of a request's scope share their statistics.
    return currentScope().statistics;
  } catch {
    return null;
  }
};

/** Counts how often each scope runs the same statement; literals make no difference. */
export const watchQueries = (): QueryWatch => {
  const texts = new Map<string, string>();
  const kinds = new Map<string, string>();
  const runs = new WeakMap<QueryStatistics, Map<string, number>>();
  const most = new Map<string, number>();
  const kindOf = (text: string): string => {
    const known = kinds.get(text);
    if (known !== undefined) return known;
    const kind =
      text.length < LONG ? maskSql(text) : `${maskSql(text)} ${createHash('sha256').update(text).digest('hex')}`;
    kinds.set(text, kind);
    return kind;
  };

  return {
    texts,
    onStatement(text) {
      if (!LOOKED_AT.test(text)) return;
      const kind = kindOf(text);
      if (!texts.has(kind)) texts.set(kind, text);
      const scope = scopeOf();
      if (!scope) return;
      const counts = runs.get(scope) ?? new Map<string, number>();
      runs.set(scope, counts);
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      if (count > MOST_RUNS && count > (most.get(kind) ?? 0) && !isRepeatable(kind)) most.set(kind, count);
    },
    repeated: () => [...most].map(([kind, count]) => `ran ${count} times in one scope: ${kind}`),
  };
};

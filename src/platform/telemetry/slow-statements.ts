import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { ModuleLog } from './logs.ts';
import { maskPlan } from './plan-mask.ts';
import { maskSql } from './sql-mask.ts';

/** How statements would be run, a line each node; null where there is no plan to be had. */
export type PlanStatement = (text: string) => Promise<readonly string[] | null>;

const MOST_KINDS = 1_000;
const FINGERPRINT_CHARACTERS = 16;

/** A plan holds for so long. */
export const PLAN_EVERY_MS = 5 * 60_000;

/** The same for statements that differ in their literals only. */
export const fingerprintOf = (masked: string): string =>
  createHash('sha256').update(masked).digest('hex').slice(0, FINGERPRINT_CHARACTERS);

/**
 * Writes a warning for each slow statement, literals masked, under a fingerprint that its kind keeps. The first of a kind in
 * five minutes comes with its plan, a little later; what keeps the plan away is not told, and keeps nobody.
 */
export const slowStatements = (log: ModuleLog, plan: PlanStatement, nowMs: () => number) => {
  const planned = new LRUCache<string, true>({
    max: MOST_KINDS,
    ttl: PLAN_EVERY_MS,
    ttlResolution: 0,
    perf: { now: nowMs },
  });
  return (text: string, milliseconds: number, target: 'primary' | 'replica', traceId?: string): void => {
    const sql = maskSql(text);
    const fingerprint = fingerprintOf(sql);
    const fields = { fingerprint, milliseconds, target, sql, ...(traceId && { traceId }) };
    const write = (found: readonly string[] | null): void => {
      // Without a plan the next one of its kind asks again.
      if (!found) planned.delete(fingerprint);
      log.warn('slow statement', { ...fields, ...(found && { plan: maskPlan(found) }) });
    };
    if (planned.has(fingerprint)) {
      log.warn('slow statement', fields);
      return;
    }
    planned.set(fingerprint, true);
    plan(text).then(write, () => write(null));
  };
};

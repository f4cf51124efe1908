import { sql } from 'kysely';
import type { Clock } from '../../kernel/clock.ts';
import type { Database } from '../../platform/db/database.ts';
import { newScope } from '../../platform/db/scope.ts';

const MINUTE_MS = 60_000;

/** An API key as it was looked up; `lastUsedAt` moves on with what is noted. */
export interface UsedKey {
  readonly tenant: string;
  readonly id: string;
  lastUsedAt: string | null;
  /** The same in milliseconds, once that was needed. */
  lastUsedAtMs?: number;
}

/** Notes when API keys are used, beside the requests that use them: none waits for it or fails with it. */
export interface KeyUse {
  note(key: UsedKey): void;
  /** Resolves when every note under way is written or given up. */
  settled(): Promise<void>;
}

/** At most one note a key and minute; what fails goes to `onFault` only. */
export const createKeyUse = (database: Database, clock: Clock, onFault: (error: unknown) => void): KeyUse => {
  const underWay = new Map<string, Promise<void>>();

  const write = async (tenant: string, id: string) => {
    const now = clock.nowMs();
    const nowIso = new Date(now).toISOString();
    const stale = new Date(now - MINUTE_MS).toISOString();
    await database.transaction(newScope(tenant), ({ sql: db }) =>
      sql`
        update api_key set last_used_at = ${nowIso}
        where tenant_id = app.tenant() and id = ${id} and (last_used_at is null or last_used_at <= ${stale})`.execute(
        db,
      ),
    );
  };

  return {
    note(key) {
      const { tenant, id, lastUsedAt } = key;
      if (underWay.has(id)) return;
      key.lastUsedAtMs ??= lastUsedAt === null ? Number.NEGATIVE_INFINITY : Date.parse(lastUsedAt);
      if (clock.nowMs() - key.lastUsedAtMs < MINUTE_MS) return;
      key.lastUsedAtMs = clock.nowMs();
      key.lastUsedAt = clock.nowIso();
      underWay.set(
        id,
        write(tenant, id)
          .catch(onFault)
          .finally(() => underWay.delete(id)),
      );
    },
    async settled() {
      await Promise.all(underWay.values());
    },
  };
};

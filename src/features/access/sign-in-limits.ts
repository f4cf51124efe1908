import { sql } from 'kysely';
import { AppError } from '../../kernel/app-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Database, Sql } from '../../platform/db/database.ts';
import type { Scope } from '../../platform/db/scope.ts';
import type { DerivedKeys } from './secrets.ts';
import type { AccessSettings } from './settings.ts';
import { sourceNetwork } from './source-network.ts';

/** The two counters of one attempt, as digests. */
export interface AttemptKeys {
  account: Buffer;
  address: Buffer;
}

/** Bounds how often sign-in may fail. Attempts are counted before the password is looked at, so twins can't slip through. */
export interface SignInLimits {
  /** Counts an attempt; throws AppError TOO_MANY_ATTEMPTS with `retryAfterSeconds` when one counter is over its limit. */
  count(scope: Scope, attempt: { tenant: string; emailKey: string; address: string }): Promise<AttemptKeys>;
  /** Takes a successful attempt back, and with it the account's failures. */
  forgive(db: Sql, keys: AttemptKeys): Promise<void>;
}

export const createSignInLimits = (deps: {
  database: Database;
  clock: Clock;
  keys: DerivedKeys;
  settings: AccessSettings;
}): SignInLimits => {
  const { attemptsPerAccount, attemptsPerAddress, attemptWindowMs } = deps.settings;

  const countOne = async (scope: Scope, key: Buffer, limit: number): Promise<void> => {
    const now = deps.clock.nowMs();
    const counted = await deps.database.transaction(scope, ({ sql: db }) =>
      sql<{ attempts: number; window_ends_at: string }>`
        select attempts, window_ends_at from app.count_sign_in_attempt(
          ${key}, ${new Date(now).toISOString()}, ${`${attemptWindowMs} milliseconds`}::interval)`.execute(db),
    );
    const row = counted.rows[0];
    if (!row || row.attempts <= limit) return;
    const retryAfterSeconds = Math.ceil((Date.parse(row.window_ends_at) - now) / 1000);
    throw new AppError(
      'too_many',
      'TOO_MANY_ATTEMPTS',
      `Too many attempts. Try again in ${retryAfterSeconds} seconds.`,
      {
        retryable: true,
        details: { retryAfterSeconds },
      },
    );
  };

  return {
    async count(scope, { tenant, emailKey, address }) {
      const keys = {
        account: deps.keys.attemptKey('account', tenant, emailKey),
        address: deps.keys.attemptKey('address', sourceNetwork(address)),
      };
      // An address over its limit is stopped first, so that it can't use up the attempts of any more accounts.
      await countOne(scope, keys.address, attemptsPerAddress);
      await countOne(scope, keys.account, attemptsPerAccount);
      return keys;
    },
    async forgive(db, { account, address }) {
      await sql`select app.forgive_sign_in_attempts(${account}, ${address})`.execute(db);
    },
  };
};

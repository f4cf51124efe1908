import { faultCode } from './faults.ts';
import type { Sources } from './sources.ts';

/** The table, the right to read it, or the role is missing: nothing has been migrated yet. */
const NOT_MIGRATED = /^(42P01|42501|22023)$/;
const FRESH_MS = 1_000;

export const NO_SOURCE = 'no database answers';
export const OLD_SCHEMA = 'the schema is older than this version: run `innkeeper migrate`';

const lacks = (rows: { name: string }[], migrations: readonly string[]): boolean => {
  const done = new Set(rows.map(({ name }) => name));
  return migrations.some((name) => !done.has(name));
};

/**
 * Why the databases can't be served from, empty when one of them can: it answers and has run all of `migrations`; more
 * of them are fine. An answer counts for a second.
 */
export const createReadiness = (
  sources: Pick<Sources, 'ask'>,
  migrations: readonly string[],
): (() => Promise<string[]>) => {
  const check = async (): Promise<string[]> => {
    let answered = false;
    const current = sources.ask<{ name: string }>('select name from migration').map(async (answer) => {
      const rows = await answer.catch((error: unknown) => {
        answered ||= NOT_MIGRATED.test(faultCode(error) ?? '');
        throw error;
      });
      answered = true;
      if (lacks(rows, migrations)) throw new Error('older');
    });
    return Promise.any(current).then(
      () => [],
      () => [answered ? OLD_SCHEMA : NO_SOURCE],
    );
  };

  let latest: Promise<string[]> | undefined;
  let askedAt = 0;
  return () => {
    if (!latest || performance.now() - askedAt >= FRESH_MS) {
      askedAt = performance.now();
      latest = check();
    }
    return latest;
  };
};

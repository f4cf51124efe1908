import { setTimeout as delay } from 'node:timers/promises';
import { faultCode, isConnectionLost } from '../platform/db/faults.ts';
import type { Log } from '../platform/telemetry/logs.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/** Refused log-ins, no such database, no room for a connection, and a role that the first migration has yet to make. */
const MAY_PASS = /^(28...|3D000|53300|22023|POOL_TIMEOUT|EAI_AGAIN)$/;

const codeOf = (error: unknown) => faultCode(error) ?? '';

const reasonOf = (code: string): string => {
  if (code === '22023') return 'its role is not there yet: run `innkeeper migrate`';
  if (code.startsWith('28')) return 'it refuses the login';
  return code === '3D000' ? 'there is no such database' : 'it does not answer';
};

/**
 * Runs `work` until the database lets it: a database that is down, or not set up yet, is waited for and the log says so.
 * Other errors are thrown, and so is the abort of `signal`.
 */
export const onceReachable = async <T>(work: () => Promise<T>, log: Log, signal: AbortSignal): Promise<T> => {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      const code = codeOf(error);
      if (!isConnectionLost(code) && !MAY_PASS.test(code)) throw error;
      log.warn('waiting for the database', { reason: `${reasonOf(code)} (${code})` });
      await delay(pauseMs, undefined, { signal });
    }
  }
};

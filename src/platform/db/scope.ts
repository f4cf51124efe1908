import { AsyncLocalStorage } from 'node:async_hooks';
import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import type { Trace } from '../../kernel/tracing.ts';
import { newVersions, type Versions } from '../../kernel/versions.ts';
import type { Deadline } from './deadline.ts';

/** What the statements of one request cost. */
export interface QueryStatistics {
  count: number;
  milliseconds: number;
}

/** Whose rows the database may show, and how new they have to be. One per request or job; never shared. */
export interface Scope {
  /** Tenant id, or null before one is known: row-level security then shows nothing. */
  readonly tenant: string | null;
  readonly versions: Versions;
  readonly statistics: QueryStatistics;
  /** After it no statement is begun; null for work that nobody waits for. */
  readonly deadline: Deadline | null;
  /** Some of its statements may take so many milliseconds; 0 where none may take longer than usual. */
  statementTimeoutMs: number;
  /** What its statements are recorded in; null for most. */
  readonly trace: Trace | null;
}

const storage = new AsyncLocalStorage<Scope>();

export const newScope = (
  tenant: string | null,
  asked: ConsistencyToken | null = null,
  {
    acceptsOlder = false,
    deadline = null,
    trace = null,
  }: { acceptsOlder?: boolean; deadline?: Deadline | null; trace?: Trace | null } = {},
): Scope => ({
  tenant,
  versions: newVersions(asked, { acceptsOlder }),
  statistics: { count: 0, milliseconds: 0 },
  deadline,
  statementTimeoutMs: 0,
  trace,
});

export const runInScope = <T>(scope: Scope, work: () => Promise<T>): Promise<T> => storage.run(scope, work);

/** The scope of the running request; database access outside of one is a programming error and fails closed. */
export const currentScope = (): Scope => {
  const scope = storage.getStore();
  if (!scope) throw new Error('database access outside a scope');
  return scope;
};

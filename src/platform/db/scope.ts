import { AsyncLocalStorage } from 'node:async_hooks';

/** What the statements of one request cost. */
export interface QueryStatistics {
  count: number;
  milliseconds: number;
}

/** Whose rows the database may show, and how new they have to be. One per request or job; never shared. */
export interface Scope {
  /** Tenant id, or null before one is known: row-level security then shows nothing. */
  readonly tenant: string | null;
  /** The newest position that the caller has seen, set by a commit; a replica behind it is not read. */
  token: ConsistencyToken | null;
  readonly statistics: QueryStatistics;
}

/** A position in the write-ahead log: timeline and LSN as PostgreSQL prints them. */
export interface ConsistencyToken {
  timeline: string;
  lsn: string;
}

const storage = new AsyncLocalStorage<Scope>();

export const newScope = (tenant: string | null, token: ConsistencyToken | null = null): Scope => ({
  tenant,
  token,
  statistics: { count: 0, milliseconds: 0 },
});

export const runInScope = <T>(scope: Scope, work: () => Promise<T>): Promise<T> => storage.run(scope, work);

/** The scope of the running request; database access outside of one is a programming error and fails closed. */
export const currentScope = (): Scope => {
  const scope = storage.getStore();
  if (!scope) throw new Error('database access outside a scope');
  return scope;
};

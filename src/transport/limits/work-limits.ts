import { type ConcurrencyLimit, createConcurrencyLimit } from './concurrency-limit.ts';

/** What runs within a limit of its own; `lookup` is finding out who calls. */
export type WorkKind = 'query' | 'mutation' | 'report' | 'lookup';

export interface WorkSettings {
  most: Record<WorkKind, number>;
  /** Of each kind. */
  mostWaiting: number;
  waitMs: number;
  /** Told of each call that is turned away. */
  onShed?: (kind: WorkKind) => void;
}

export type WorkLimits = Readonly<Record<WorkKind, ConcurrencyLimit>>;

/** The limits of a process, shared by all its requests: no kind can take the places of another. */
export const createWorkLimits = ({ most, mostWaiting, waitMs, onShed }: WorkSettings): WorkLimits => {
  const limitOf = (kind: WorkKind) =>
    createConcurrencyLimit({ most: most[kind], mostWaiting, waitMs, onShed: () => onShed?.(kind) });
  return {
    query: limitOf('query'),
    mutation: limitOf('mutation'),
    report: limitOf('report'),
    lookup: limitOf('lookup'),
  };
};

/**
 * As many queries as there are connections to read with; without a replica some are left for finding out who calls and
 * for writing.
 */
export const queriesFor = (poolSize: number, replicas: number): number =>
  replicas > 0 ? poolSize * replicas : Math.max(1, poolSize - Math.ceil(poolSize / 5));

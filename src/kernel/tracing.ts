/** What is said of a piece of work: names and codes, never what somebody sent. */
export type TraceFacts = Record<string, string | number | boolean>;

export interface TracedPiece {
  name: string;
  kind: 'server' | 'client' | 'consumer' | 'internal';
  facts?: TraceFacts | undefined;
  /** When it began, by performance.now(); now unless given. */
  startedAt?: number | undefined;
}

/** How a piece of work failed. */
export interface TracedFailure {
  /** A code, or the name of a type. */
  type: string;
  /** Recorded with its causes; given once, where the error is dealt with. */
  error?: unknown;
}

/** A piece of work that is recorded. */
export interface Trace {
  /** Of the whole trace. */
  readonly id: string;
  /** The piece as a W3C traceparent, for whoever goes on with the trace elsewhere. */
  readonly parent: string;
  begin(piece: TracedPiece): Trace;
  /** Adds to what is said of it. */
  tell(facts: TraceFacts): void;
  rename(name: string): void;
  /** Runs work within it, so that libraries which trace by themselves go on with it. */
  run<T>(work: () => T): T;
  end(failure?: TracedFailure): void;
}

/** Who records work. Both answer null for what is not recorded, which then costs nothing more. */
export interface Tracer {
  /** Work asked for from outside, with the traceparent that came with it: its trace is gone on with, its flags are not believed. */
  arrive(piece: TracedPiece, traceParent: string | undefined): Trace | null;
  /** Work that goes on with a trace of our own; null where that was not recorded. */
  goOn(piece: TracedPiece, traceParent: string | null): Trace | null;
}

export const noTracer: Tracer = { arrive: () => null, goOn: () => null };

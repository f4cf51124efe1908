export interface FailingField {
  /** Dotted path into the input: `lines.0.arrival`. */
  path: string;
  message: string;
}

/** What the server says of a failed call. */
export interface ErrorFacts {
  /** Stable; made for programs: `HOLD_EXPIRED`. */
  code: string;
  /** Says what to do; made for people, may change. */
  message: string;
  /** True when sending the same request again can succeed. */
  retryable: boolean;
  /** The fields that failed, where the error is about fields. */
  fields?: FailingField[] | undefined;
  /** Facts for the calling program, by code: shortages, allowed moves. */
  details?: Record<string, unknown> | undefined;
  requestId: string;
}

/** An error as tRPC carries it. */
export interface ErrorShape {
  message: string;
  code: number;
  data: ErrorFacts & { httpStatus: number; path?: string };
}

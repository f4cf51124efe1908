/** One thing that is always true of a tenant's rows. */
export interface Check {
  /** Short and unique; what people call it. */
  name: string;
  /** The sentence that holds while it finds nothing. */
  promise: string;
  /** Selects what breaks it, on the tenant of the transaction: ids, dates, counts and states, no personal data. */
  offenders: string;
}

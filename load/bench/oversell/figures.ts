/** What came of a way; null where it could not be run. */
export interface Figures {
  name: string;
  /** Requests answered a second, booked or refused. */
  rate: number;
  p99Ms: number;
  /** How often a request had to be sent again, of a thousand. */
  retries: number;
  nightsOversold: number;
}

/** 12 345 */
export const grouped = (value: number): string => value.toFixed(0).replaceAll(/\B(?=(\d{3})+$)/g, ' ');

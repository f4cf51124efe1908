/** How far an import is. */
export interface ImportProgress {
  step: 'reading' | 'loading' | 'analyzing';
  /** Rows of the calendar that have been dealt with, of `ofRows`; both 0 while reading. */
  rows: number;
  ofRows: number;
  /** Listings that are committed, and so can be booked. */
  listings: number;
}

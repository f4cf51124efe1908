/** Rows in a row: [from, until). */
export interface RowRange {
  from: number;
  until: number;
}

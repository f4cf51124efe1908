import type { LocalDate } from '../../kernel/dates.ts';
import type { RefusedRow } from './source-files.ts';

/** Rows of one file without its header: `read` = `taken` + `refused`, `taken` = `written` + `unchanged`. */
export interface RowCounts {
  read: number;
  taken: number;
  refused: number;
  /** Of listings that this run made. */
  written: number;
  /** Of listings that were there before, which are left as they are. */
  unchanged: number;
}

export interface ImportReport {
  listings: RowCounts;
  calendar: RowCounts;
  /** Null for a calendar without a date. */
  dates: { first: LocalDate; movedTo: LocalDate; movedByDays: number } | null;
  /** In the order of the files, listings first. */
  refused: RefusedRow[];
  milliseconds: { read: number; load: number; analyze: number };
}

export const rowCounts = (read: number, refused: number, written: number): RowCounts => ({
  read,
  taken: read - refused,
  refused,
  written,
  unchanged: read - refused - written,
});

/** Answers the whole milliseconds since it was last asked, or made. */
export const stopwatch = (): (() => number) => {
  let since = performance.now();
  return () => {
    const now = performance.now();
    const elapsed = Math.round(now - since);
    since = now;
    return elapsed;
  };
};

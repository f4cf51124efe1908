import type { ImportReport, RefusedRow, RowCounts } from '../../features/imports/index.ts';
import { columns } from '../columns.ts';

const LINES_SHOWN = 10;

const countsRow = (name: string, { read, taken, refused, written, unchanged }: RowCounts): string[] =>
  [name, read, taken, refused, written, unchanged].map(String);

const linesText = (rows: readonly RefusedRow[]): string => {
  const shown = rows.slice(0, LINES_SHOWN).map(({ line }) => line);
  const more = rows.length - shown.length;
  return `${shown.length === 1 ? 'line' : 'lines'} ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

const refusedText = (refused: readonly RefusedRow[]): string[] => {
  const groups = Map.groupBy(refused, ({ file, reason }) => `${file}: ${reason}`);
  return [...groups].map(([what, rows]) => `  ${what} (${linesText(rows)})`);
};

const seconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(1);

/** What an import did, for the eye; refused rows by reason, with the first lines of each. */
export const summary = ({ listings, calendar, dates, refused, milliseconds }: ImportReport): string => {
  const { read, load, analyze } = milliseconds;
  const moved = dates?.movedByDays
    ? [
        `Dates moved by ${dates.movedByDays} days: the calendar begins on ${dates.movedTo}, in the files on ${dates.first}.`,
      ]
    : [];
  const table = columns([
    ['', 'READ', 'TAKEN', 'REFUSED', 'NEW', 'THERE BEFORE'],
    countsRow('listings', listings),
    countsRow('calendar rows', calendar),
  ]);
  return [
    table,
    ...moved,
    ...(refused.length > 0 ? ['Refused:', ...refusedText(refused)] : []),
    `Took ${seconds(read + load + analyze)} s: reading ${seconds(read)}, loading ${seconds(load)}, analyzing ${seconds(analyze)}.`,
    '',
  ].join('\n');
};

import { columns } from '../columns.ts';

const MOST_ROWS = 15;
const LONGEST_TEXT = 100;

export const grouped = (count: number) => String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ' ');
export const percent = (ratio: number | null) => (ratio === null ? '-' : `${(100 * ratio).toFixed(1)} %`);
export const cut = (text: string) => (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text);

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

export const size = (bytes: number): string => {
  const unit = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(1_000)));
  return `${unit === 0 ? bytes : (bytes / 1_000 ** unit).toFixed(1)} ${UNITS[unit]}`;
};

/** A table with its heading, its first rows only. */
export const section = (title: string, head: string[], rows: string[][], none: string): string => {
  const left = rows.length - MOST_ROWS;
  const body = rows.length === 0 ? `${none}\n` : columns([head, ...rows.slice(0, MOST_ROWS)]);
  return `${title}\n${body}${left > 0 ? `and ${left} more; --json has them all\n` : ''}\n`;
};

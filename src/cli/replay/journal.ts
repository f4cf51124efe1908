import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';
import { z } from 'zod';
import type { LocalDate } from '../../kernel/dates.ts';

const entry = z.union([
  z.strictObject({ row: z.int(), booking: z.uuid() }),
  z.strictObject({ row: z.int(), refused: z.string() }),
  z.strictObject({ done: z.string() }),
]);

/** What became of each row that was sent; kept in a file, so that a broken run can go on where it stopped. */
export interface Journal {
  /** Booking ids by row. */
  bookings: Map<number, string>;
  /** Error codes by row. */
  refusals: Map<number, string>;
  accepted(row: number, booking: string): void;
  refused(row: number, code: string): void;
  /** The last day that was played to its end; '' before the first. */
  lastDay(): LocalDate | '';
  dayDone(date: LocalDate): void;
  /** Writes what has gathered; call it at every barrier. */
  flush(): void;
}

/** The lines of an earlier run. A last one that was cut off is taken away: its row is sent again. */
const wholeLinesOf = (path: string): string[] => {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf('\n') + 1;
  truncateSync(path, end);
  return bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
};

/** Opens `path`, reading what an earlier run left. */
export const openJournal = (path: string): Journal => {
  const bookings = new Map<number, string>();
  const refusals = new Map<number, string>();
  let lastDay = '';
  for (const line of wholeLinesOf(path)) {
    const known = entry.parse(JSON.parse(line));
    if ('done' in known) lastDay = known.done;
    else if ('booking' in known) bookings.set(known.row, known.booking);
    else refusals.set(known.row, known.refused);
  }
  let gathered = '';
  return {
    bookings,
    refusals,
    accepted(row, booking) {
      bookings.set(row, booking);
      gathered += `${JSON.stringify({ row, booking })}\n`;
    },
    refused(row, code) {
      refusals.set(row, code);
      gathered += `${JSON.stringify({ row, refused: code })}\n`;
    },
    lastDay: () => lastDay,
    dayDone(date) {
      lastDay = date;
      gathered += `${JSON.stringify({ done: date })}\n`;
      this.flush();
    },
    flush() {
      if (gathered) appendFileSync(path, gathered);
      gathered = '';
    },
  };
};

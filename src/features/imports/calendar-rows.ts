import { isLocalDate, type LocalDate } from '../../kernel/dates.ts';
import { CALENDAR_COLUMNS, type CalendarColumns } from './calendar-row.ts';
import { columnPositions, fieldsOf, lineBatches } from './csv.ts';
import { remembered } from './remembered.ts';
import { type OpenFile, unreadable } from './source-files.ts';

export interface CalendarRow {
  line: number;
  /** Null for a line that has not as many fields as the header. */
  fields: string[] | null;
}

/** The calendar's rows, many at a time. Throws AppError UNREADABLE_FILE when its header lacks a column. */
export async function* calendarRows(open: OpenFile): AsyncGenerator<{ columns: CalendarColumns; rows: CalendarRow[] }> {
  let columns: CalendarColumns | undefined;
  let width = 0;
  let line = 0;
  for await (const lines of lineBatches('calendar', open())) {
    const rows: CalendarRow[] = [];
    for (const text of lines) {
      line += 1;
      if (text === '') continue;
      const fields = fieldsOf(text);
      if (columns) {
        rows.push({ line, fields: fields?.length === width ? fields : null });
      } else {
        columns = columnPositions('calendar', fields ?? [], CALENDAR_COLUMNS);
        width = fields?.length ?? 0;
      }
    }
    if (columns) yield { columns, rows };
  }
  if (!columns) throw unreadable('calendar', 'it is empty');
}

/** Reads the whole file, which shows that it is undamaged: how many rows it has, and its first date, null when it has none. */
export const surveyCalendar = async (open: OpenFile): Promise<{ rows: number; first: LocalDate | null }> => {
  const isDate = remembered(isLocalDate);
  let count = 0;
  let first: LocalDate | null = null;
  for await (const { columns, rows } of calendarRows(open)) {
    count += rows.length;
    for (const { fields } of rows) {
      const date = fields?.[columns.date];
      if (date !== undefined && (first === null || date < first) && isDate(date)) first = date;
    }
  }
  return { rows: count, first };
};

import type { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { AppError } from '../../kernel/app-error.ts';
import { BrokenRecord, COLUMNS, type Field } from './fields.ts';
import { rowOf } from './record.ts';
import type { Row } from './row.ts';
import { openSource } from './source.ts';

/** A line that is no row; `line` counts from 1, the header included. */
export interface BrokenLine {
  line: number;
  reason: string;
}

export interface HotelDemand {
  rows: Row[];
  broken: BrokenLine[];
}

type FieldsOf = (record: readonly string[]) => Field;

const readHeader = (header: readonly string[]): FieldsOf => {
  const missing = COLUMNS.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    const message = `The first line lacks the columns ${missing.join(', ')}. Give the hotel booking demand file.`;
    throw new AppError('invalid', 'NOT_HOTEL_DEMAND', message);
  }
  const position = new Map<string, number>(header.map((column, index) => [column, index]));
  return (record) => {
    if (record.length !== header.length) {
      throw new BrokenRecord(`${record.length} fields instead of ${header.length}`);
    }
    return (column) => record[position.get(column) ?? -1] ?? '';
  };
};

/**
 * Streams the dataset: each line after the header yields its row or why it is none, in file order. A quote is an
 * ordinary character, as the dataset has none, so that a stray one breaks its own line and no other.
 * Throws NOT_HOTEL_DEMAND when the header lacks a column.
 */
export async function* streamRows(text: Readable): AsyncGenerator<Row | BrokenLine> {
  const records = parse({ bom: true, quote: false, relax_column_count: true });
  let fieldsOf: FieldsOf | undefined;
  let line = 0;
  text.on('error', (error) => records.destroy(error));
  for await (const record of text.pipe(records) as AsyncIterable<string[]>) {
    line += 1;
    if (!fieldsOf) {
      fieldsOf = readHeader(record);
      continue;
    }
    try {
      yield rowOf(line - 1, fieldsOf(record));
    } catch (error) {
      if (!(error instanceof BrokenRecord)) throw error;
      yield { line, reason: error.message };
    }
  }
  if (!fieldsOf) readHeader([]);
}

/** Reads a whole file, plain or gzip. */
export const readRows = async (path: string): Promise<HotelDemand> => {
  const demand: HotelDemand = { rows: [], broken: [] };
  for await (const entry of streamRows(await openSource(path))) {
    if ('reason' in entry) demand.broken.push(entry);
    else demand.rows.push(entry);
  }
  return demand;
};

import { pipeline } from 'node:stream/promises';
import { type CsvError, parse } from 'csv-parse';
import { columnPositions } from './csv.ts';
import { LISTING_COLUMNS, type Listing, readListing } from './listing-row.ts';
import { type OpenFile, type RefusedRow, unreadable } from './source-files.ts';

export interface Listings {
  /** Rows without the header. */
  read: number;
  /** By id, in the file's order. */
  taken: Map<string, Listing>;
  /** Ids of rows that were refused, unless another row of the same id was taken. */
  refusedIds: Set<string>;
}

interface ParsedRow {
  record: string[];
  info: { lines: number };
}

const lineBreaks = (fields: readonly string[]): number => fields.join('').split('\n').length - 1;

/** Reads all listings into memory; `refuse` is told of each row that is left out. */
export const readListings = async (open: OpenFile, refuse: (row: RefusedRow) => void): Promise<Listings> => {
  const listings: Listings = { read: 0, taken: new Map(), refusedIds: new Set() };
  const firstLines = new Map<string, number>();
  const reject = (line: number, reason: string) => {
    listings.read += 1;
    refuse({ file: 'listings', line, reason });
  };
  let header: string[] | undefined;

  const take = ({ record, info }: ParsedRow): void => {
    const line = info.lines - lineBreaks(record);
    if (!header) {
      header = record;
      columnPositions('listings', header, LISTING_COLUMNS);
      return;
    }
    if (record.length !== header.length) return reject(line, `has ${record.length} fields, not ${header.length}`);
    const fields = Object.fromEntries(header.map((name, at) => [name, record[at] ?? '']));
    const listing = readListing(fields);
    const id = fields.id ?? '';
    if (typeof listing === 'string') {
      if (!listings.taken.has(id)) listings.refusedIds.add(id);
      return reject(line, listing);
    }
    const firstLine = firstLines.get(id);
    if (firstLine !== undefined) return reject(line, `has the id of line ${firstLine}`);
    firstLines.set(id, line);
    listings.refusedIds.delete(id);
    listings.read += 1;
    listings.taken.set(id, listing);
  };

  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
  });
  parser.on('skip', (error: CsvError) => reject(Number(error.lines), 'is not a row of a CSV file: its quotes do not match'));
  await pipeline(open(), parser, async (rows: AsyncIterable<ParsedRow>) => {
    for await (const parsed of rows) take(parsed);
  }).catch((error: unknown) => {
    const isCsvFault = error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_');
    throw isCsvFault ? unreadable('listings', error.message, error) : error;
  });
  if (!header) throw unreadable('listings', 'it is empty');
  return listings;
};

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
  /** `lines` is the line that the row ends on. */
  info: { lines: number };
}

const lineBreaks = (fields: readonly string[]): number => fields.join('').split('\n').length - 1;

/** Takes rows one after the other; answers why a row is refused, or null. */
const createTaker = (listings: Listings, header: readonly string[]) => {
  const firstLines = new Map<string, number>();
  return (record: readonly string[], line: number): string | null => {
    if (record.length !== header.length) return `has ${record.length} fields, not ${header.length}`;
    const fields = Object.fromEntries(header.map((name, at) => [name, record[at] ?? '']));
    const id = fields.id ?? '';
    const listing = readListing(fields);
    if (typeof listing === 'string') {
      if (!listings.taken.has(id)) listings.refusedIds.add(id);
      return listing;
    }
    const firstLine = firstLines.get(id);
    if (firstLine !== undefined) return `has the id of line ${firstLine}`;
    firstLines.set(id, line);
    listings.refusedIds.delete(id);
    listings.taken.set(id, listing);
    return null;
  };
};

const csvParser = () =>
  parse({ bom: true, info: true, relax_column_count: true, skip_empty_lines: true, skip_records_with_error: true });

/** Reads all listings into memory; `refuse` is told of each row that is left out. */
export const readListings = async (open: OpenFile, refuse: (row: RefusedRow) => void): Promise<Listings> => {
  const listings: Listings = { read: 0, taken: new Map(), refusedIds: new Set() };
  let take: ReturnType<typeof createTaker> | undefined;
  const count = (line: number, reason: string | null) => {
    listings.read += 1;
    if (reason !== null) refuse({ file: 'listings', line, reason });
  };

  const parser = csvParser();
  parser.on('skip', ({ lines }: CsvError) =>
    count(Number(lines), 'is not a row of a CSV file: its quotes do not match'),
  );
  await pipeline(open(), parser, async (rows: AsyncIterable<ParsedRow>) => {
    for await (const { record, info } of rows) {
      const line = info.lines - lineBreaks(record);
      if (take) {
        count(line, take(record, line));
        continue;
      }
      columnPositions('listings', record, LISTING_COLUMNS);
      take = createTaker(listings, record);
    }
  }).catch((error: unknown) => {
    const isCsvFault = error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_');
    throw isCsvFault ? unreadable('listings', error.message, error) : error;
  });
  if (!take) throw unreadable('listings', 'it is empty');
  return listings;
};

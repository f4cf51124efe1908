import { pipeline } from 'node:stream/promises';
import { type CsvError, parse } from 'csv-parse';
import { columnPositions, lineBatches } from './csv.ts';
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

/** With one kind of line end, so that the parser counts lines as editors do. */
async function* linesAgain(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const lines of lineBatches('listings', bytes)) yield lines.map((line) => `${line}\n`).join('');
}

const csvParser = () =>
  parse({
    record_delimiter: '\n',
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
  });

const isCsvFault = (error: unknown): error is CsvError =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_');

/** Reads all listings into memory; `refuse` is told of each row that is left out, by rising line. */
export const readListings = async (open: OpenFile, refuse: (row: RefusedRow) => void): Promise<Listings> => {
  const listings: Listings = { read: 0, taken: new Map(), refusedIds: new Set() };
  const reasons = new Map<number, string>();
  let take: ReturnType<typeof createTaker> | undefined;

  const parser = csvParser();
  parser.on('skip', (error: CsvError) => {
    if (error.code === 'CSV_QUOTE_NOT_CLOSED') parser.destroy(error);
    // One broken row can be reported several times.
    else if (!reasons.has(Number(error.lines))) {
      listings.read += 1;
      reasons.set(Number(error.lines), 'is not a row of a CSV file: its quotes do not match');
    }
  });
  await pipeline(linesAgain(open()), parser, async (rows: AsyncIterable<ParsedRow>) => {
    for await (const { record, info } of rows) {
      if (!take) {
        columnPositions('listings', record, LISTING_COLUMNS);
        take = createTaker(listings, record);
        continue;
      }
      const line = info.lines - lineBreaks(record);
      const reason = take(record, line);
      listings.read += 1;
      if (reason !== null) reasons.set(line, reason);
    }
  }).catch((error: unknown) => {
    throw isCsvFault(error) ? unreadable('listings', error.message.replace(/\.$/, ''), error) : error;
  });
  if (!take) throw unreadable('listings', 'it is empty');
  for (const [line, reason] of [...reasons].toSorted(([a], [b]) => a - b)) refuse({ file: 'listings', line, reason });
  return listings;
};

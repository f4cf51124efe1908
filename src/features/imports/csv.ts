import { parse } from 'csv-parse/sync';
import { type SourceFile, unreadable } from './source-files.ts';

const LONGEST_LINE = 1_000_000;

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

/** The lines of a text file in UTF-8, many at a time, without their ends. */
export async function* lineBatches(file: SourceFile, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const text = rest + decoder.decode(chunk, { stream: true });
    const lines = text.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) throw unreadable(file, `it has a line of more than ${LONGEST_LINE} characters`);
    yield text.includes('\r') ? lines.map(withoutReturn) : lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield [withoutReturn(rest)];
}

/** The fields of a row that stands on one line; null when its quotes don't match. */
export const fieldsOf = (line: string): string[] | null => {
  if (!line.includes('"')) return line.split(',');
  try {
    const rows: string[][] = parse(line, { record_delimiter: '\n', relax_column_count: true });
    return rows[0] ?? null;
  } catch {
    return null;
  }
};

/** Where each column stands. Throws AppError UNREADABLE_FILE naming all that are missing. */
export const columnPositions = <const Name extends string>(
  file: SourceFile,
  header: readonly string[],
  names: readonly Name[],
): Record<Name, number> => {
  const missing = names.filter((name) => !header.includes(name));
  if (missing.length > 0) throw unreadable(file, `its first line lacks the columns ${missing.join(', ')}`);
  return Object.fromEntries(names.map((name) => [name, header.indexOf(name)])) as Record<Name, number>;
};

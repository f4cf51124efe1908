import { AppError } from '../../kernel/app-error.ts';

/** The two files of an Inside Airbnb city. */
export type SourceFile = 'listings' | 'calendar';

/** Opens a file's bytes from the start, unpacked; the calendar is read twice. */
export type OpenFile = () => AsyncIterable<Uint8Array>;

export type SourceFiles = Record<SourceFile, OpenFile>;

/** A row of a file that is left out, by the line it starts on (1 is the header). */
export interface RefusedRow {
  file: SourceFile;
  line: number;
  reason: string;
}

/** Not a file of its kind at all, as opposed to one with bad rows. */
export const unreadable = (file: SourceFile, why: string, cause?: unknown) =>
  new AppError('invalid', 'UNREADABLE_FILE', `The ${file} file can't be imported: ${why}.`, {
    fields: [{ path: file, message: why }],
    cause,
  });

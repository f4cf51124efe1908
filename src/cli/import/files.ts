import { AppError } from '../../kernel/app-error.ts';
import { openSource } from '../replay/source.ts';

/** A file's bytes, unpacked when it is gzip. Throws AppError UNREADABLE_FILE, naming it, when it is missing, damaged or cut. */
export async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* await openSource(path);
  } catch (cause) {
    throw new AppError('invalid', 'UNREADABLE_FILE', `The file ${path} can't be read to its end.`, { cause });
  }
}

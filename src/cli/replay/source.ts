import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const isGzip = async (path: string): Promise<boolean> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
};

/** The file's bytes, unpacked when it is gzip (by content, not by name). A missing, damaged or cut file is an error. */
export const openSource = async (path: string): Promise<Readable> => {
  const packed = await isGzip(path);
  const file = createReadStream(path);
  if (!packed) return file;
  const unpacked = createGunzip();
  file.on('error', (error) => unpacked.destroy(error));
  unpacked.on('close', () => file.destroy());
  return file.pipe(unpacked);
};

/** The file's lines, without their ends. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const input = await openSource(path);
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

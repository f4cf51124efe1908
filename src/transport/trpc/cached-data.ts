/** An answer that is kept, as bytes for whoever sends it; everyone else finds its value. */
export class CachedData {
  /** JSON of the data. */
  readonly bytes: Buffer;
  readonly etag: string;
  #result: Buffer | undefined;

  constructor({ bytes, etag }: { bytes: Buffer; etag: string }) {
    this.bytes = bytes;
    this.etag = etag;
  }

  /** The whole result as tRPC sends it; made once. */
  get result(): Buffer {
    this.#result ??= Buffer.concat([Buffer.from('{"result":{"data":'), this.bytes, Buffer.from('}}')]);
    return this.#result;
  }

  toJSON(): unknown {
    return JSON.parse(this.bytes.toString());
  }
}

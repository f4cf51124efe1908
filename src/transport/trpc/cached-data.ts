/** An answer that is kept, as bytes for whoever sends it; everyone else finds its value. */
export class CachedData {
  /** JSON of the data. */
  readonly bytes: Buffer;
  readonly etag: string;
  #octets: string | undefined;
  #result: Buffer | undefined;

  constructor({ bytes, etag }: { bytes: Buffer; etag: string }) {
    this.bytes = bytes;
    this.etag = etag;
  }

  /** The whole result as tRPC sends it, a character for each byte: what is written the fastest. Made once. */
  get octets(): string {
    this.#octets ??= `{"result":{"data":${this.bytes.toString('latin1')}}}`;
    return this.#octets;
  }

  /** The same as bytes, made once. */
  get result(): Buffer {
    this.#result ??= Buffer.from(this.octets, 'latin1');
    return this.#result;
  }

  toJSON(): unknown {
    return JSON.parse(this.bytes.toString());
  }
}

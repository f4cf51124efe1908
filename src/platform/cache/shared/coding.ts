import { promisify } from 'node:util';
import { constants, deflateRaw, inflateRaw, inflateRawSync } from 'node:zlib';
import { type ConsistencyToken, formatToken, parseToken } from '../../../kernel/consistency-token.ts';
import { etagOf } from '../entry.ts';

/** An entry as others may find it. */
export interface SharedEntry {
  bytes: Buffer;
  etag: string;
  includes: ConsistencyToken;
  seen: ConsistencyToken;
  /** The versions that its tags had before it was read. */
  stamp: string;
}

/** From so many bytes an answer is compressed. */
const COMPRESSED_FROM = 1_024;
/** No answer is longer. */
const MOST_BYTES = 16_000_000;
const RAW = 0;
const DEFLATED = 1;
/** Up to so many compressed bytes, unpacking at once costs less than having it done beside. */
const AT_ONCE_BYTES = 16_384;
/** How it is compressed, and the length of its facts. */
const PREFIX_BYTES = 3;

const deflate = promisify(deflateRaw);
const inflateBeside = promisify(inflateRaw);
const inflate = (body: Buffer): Buffer | Promise<Buffer> =>
  body.length <= AT_ONCE_BYTES
    ? inflateRawSync(body, { maxOutputLength: MOST_BYTES })
    : inflateBeside(body, { maxOutputLength: MOST_BYTES });

export const encodeEntry = async ({ bytes, etag, includes, seen, stamp }: SharedEntry): Promise<Buffer> => {
  const facts = Buffer.from([etag, formatToken(includes), formatToken(seen), stamp].join(' '));
  const deflated = bytes.length >= COMPRESSED_FROM;
  const body = deflated ? await deflate(bytes, { level: constants.Z_BEST_SPEED }) : bytes;
  const prefix = Buffer.from([deflated ? DEFLATED : RAW, facts.length >> 8, facts.length & 0xff]);
  return Buffer.concat([prefix, facts, body]);
};

/** Rejects for bytes that encodeEntry has not made. */
export const decodeEntry = async (value: Buffer): Promise<SharedEntry> => {
  const length = value.readUInt16BE(1);
  const facts = value.toString('utf8', PREFIX_BYTES, PREFIX_BYTES + length);
  const [etag = '', includes = '', seen = '', stamp = ''] = facts.split(' ');
  const body = value.subarray(PREFIX_BYTES + length);
  const bytes = value[0] === DEFLATED ? await inflate(body) : body;
  if (etagOf(bytes) !== etag) throw new Error('what the shared store holds is damaged');
  return { bytes, etag, includes: parseToken(includes), seen: parseToken(seen), stamp };
};

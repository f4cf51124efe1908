import { LRUCache } from 'lru-cache';
import type { KeptAnswer } from './answer.ts';
import type { KnownTarget } from './known-targets.ts';

/** Kept answers as a batch of them is sent. */
export interface JoinedAnswers {
  /** A character for each byte. */
  readonly octets: string;
  /** The same as bytes, made once. */
  readonly result: Buffer;
  /** Only answers that are sent alone have one. */
  readonly etag?: undefined;
}

/** What they may take. */
const MOST_BYTES = 16_000_000;
const MOST_BYTES_EACH = 4_000_000;
/** Text, bytes, what these are in two codings, and the answers that they are of, which may be kept nowhere else any more. */
const COPIES = 6;
/** Objects, places in maps. */
const OVERHEAD = 1_000;

export const joinedText = (parts: readonly KeptAnswer[]): string => `[${parts.map(({ octets }) => octets).join(',')}]`;

class Joined implements JoinedAnswers {
  readonly octets: string;
  readonly #parts: readonly KeptAnswer[];
  #result: Buffer | undefined;

  constructor(parts: readonly KeptAnswer[]) {
    this.octets = joinedText(parts);
    this.#parts = parts;
  }

  get result(): Buffer {
    this.#result ??= Buffer.from(this.octets, 'latin1');
    return this.#result;
  }

  isOf(parts: readonly KeptAnswer[]): boolean {
    return this.#parts.length === parts.length && this.#parts.every((part, at) => part === parts[at]);
  }
}

/**
 * Joins kept answers to those of a batch: the same object for the same ones, for as long as a target that was asked for lately has
 * them, so that they are put together, and compressed, once.
 */
export const createJoinedAnswers = (): ((target: KnownTarget, parts: readonly KeptAnswer[]) => JoinedAnswers) => {
  const last = new LRUCache<KnownTarget, Joined>({
    maxSize: MOST_BYTES,
    maxEntrySize: MOST_BYTES_EACH,
    sizeCalculation: ({ octets }) => COPIES * octets.length + OVERHEAD,
  });
  return (target, parts) => {
    const found = last.get(target);
    if (found?.isOf(parts)) return found;
    const joined = new Joined(parts);
    last.set(target, joined);
    return joined;
  };
};

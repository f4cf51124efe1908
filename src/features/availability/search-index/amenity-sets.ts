import { grown } from './column.ts';
import { Interned } from './interned.ts';
import type { RowRange } from './row-range.ts';

/** Words of bits that a row has; amenities beyond them, the rare ones, are listed. */
const BIT_WORDS = 4;
const BITS = BIT_WORDS * 32;

/** What a search asks of a row's amenities. */
export interface AskedAmenities {
  bits: readonly number[];
  rare: readonly number[];
}

/** Which amenities each row has. */
export class AmenitySets {
  readonly #names = new Interned<null>();
  #bits = new Uint32Array(BIT_WORDS);
  /** Rare amenities of all rows, one row's after the other; a list that has grown is appended anew. */
  #lists = new Uint32Array(16);
  #listsEnd = 0;
  #listStart = new Uint32Array(1);
  #listLength = new Uint32Array(1);

  get bytes(): number {
    const columns = [this.#bits, this.#lists, this.#listStart, this.#listLength];
    return columns.reduce((sum, { byteLength }) => sum + byteLength, this.#names.size * 100);
  }

  set(row: number, amenities: readonly string[]): void {
    this.#bits = grown(this.#bits, (row + 1) * BIT_WORDS);
    this.#listStart = grown(this.#listStart, row + 1);
    this.#listLength = grown(this.#listLength, row + 1);
    this.#bits.fill(0, row * BIT_WORDS, (row + 1) * BIT_WORDS);
    const rare: number[] = [];
    for (const name of amenities) {
      const code = this.#names.add(name, null);
      if (code >= BITS) rare.push(code);
      else
        this.#bits[row * BIT_WORDS + (code >> 5)] = (this.#bits[row * BIT_WORDS + (code >> 5)] as number) | (1 << code);
    }
    if (rare.length > (this.#listLength[row] as number)) {
      this.#lists = grown(this.#lists, this.#listsEnd + rare.length);
      this.#listStart[row] = this.#listsEnd;
      this.#listsEnd += rare.length;
    }
    this.#listLength[row] = rare.length;
    this.#lists.set(rare, this.#listStart[row]);
  }

  /** Null when no row has all of them. */
  asked(amenities: readonly string[]): AskedAmenities | null {
    const bits = Array.from({ length: BIT_WORDS }, () => 0);
    const rare: number[] = [];
    for (const name of amenities) {
      const code = this.#names.codeOf(name);
      if (code < 0) return null;
      if (code >= BITS) rare.push(code);
      else bits[code >> 5] = (bits[code >> 5] ?? 0) | (1 << code);
    }
    return { bits, rare };
  }

  /** Takes out of `accepted` those of the rows that lack one of them. */
  keep({ bits, rare }: AskedAmenities, accepted: Uint8Array, { from, until }: RowRange): void {
    const known = this.#bits;
    for (let word = 0; word < BIT_WORDS; word++) {
      const asked = bits[word] as number;
      if (asked === 0) continue;
      for (let row = from, at = from * BIT_WORDS + word; row < until; row++, at += BIT_WORDS) {
        if (((known[at] as number) & asked) !== asked) accepted[row] = 0;
      }
    }
    if (rare.length === 0) return;
    for (let row = from; row < until; row++) {
      if (accepted[row] === 1 && !this.#listsAll(row, rare)) accepted[row] = 0;
    }
  }

  #listsAll(row: number, rare: readonly number[]): boolean {
    const start = this.#listStart[row] as number;
    const list = this.#lists.subarray(start, start + (this.#listLength[row] as number));
    return rare.every((code) => list.includes(code));
  }
}

import { grown } from './column.ts';

/** A UUID as four unsigned numbers of 32 bits. */
export type IdWords = readonly [number, number, number, number];

export const wordsOf = (uuid: string): IdWords => {
  const hex = uuid.replaceAll('-', '');
  const word = (at: number) => Number.parseInt(hex.slice(at, at + 8), 16) >>> 0;
  return [word(0), word(8), word(16), word(24)];
};

const hashOf = ([a, b, c, d]: IdWords): number => {
  // Ids of one moment differ in their last words most.
  let hash = Math.imul(a ^ Math.imul(b, 0x85ebca6b) ^ c, 0xc2b2ae35) ^ Math.imul(d, 0x27d4eb2f);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
};

/** Four hexadecimal digits by their number, each made when it is first asked for. */
const fours: string[] = new Array(0x10000);
const four = (number: number): string => {
  fours[number] ??= number.toString(16).padStart(4, '0');
  return fours[number] as string;
};
const high = (word: number): string => four(word >>> 16);
const low = (word: number): string => four(word & 0xffff);

/** Numbers UUIDs from 0 in the order of their coming: 24 to 40 bytes each, without strings. */
export class IdTable {
  size = 0;
  #words = new Uint32Array(64);
  /** Row + 1 by hash, 0 where none is. */
  #slots: Uint32Array = new Uint32Array(64);

  get bytes(): number {
    return this.#words.byteLength + this.#slots.byteLength;
  }

  /** -1 for an id that is not in the table. */
  rowOf(uuid: string): number {
    return (this.#slots[this.#slotOf(wordsOf(uuid))] as number) - 1;
  }

  /** The row of an id, a new one where it has none. */
  add(uuid: string): number {
    const words = wordsOf(uuid);
    const slot = this.#slotOf(words);
    const known = this.#slots[slot] as number;
    if (known > 0) return known - 1;
    const row = this.size++;
    this.#words = grown(this.#words, this.size * 4);
    this.#words.set(words, row * 4);
    this.#slots[slot] = this.size;
    if (this.size * 2 > this.#slots.length) this.#rehash();
    return row;
  }

  idOf(row: number): string {
    const [a, b, c, d] = this.#wordsAt(row);
    return `${high(a)}${low(a)}-${high(b)}-${low(b)}-${high(c)}-${low(c)}${high(d)}${low(d)}`;
  }

  /** Below 0 when the row's id comes before the other one in PostgreSQL's order. */
  compareTo(row: number, other: IdWords): number {
    for (let i = 0; i < 4; i++) {
      const difference = (this.#words[row * 4 + i] as number) - (other[i] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  compare(row: number, other: number): number {
    for (let i = 0; i < 4; i++) {
      const difference = (this.#words[row * 4 + i] as number) - (this.#words[other * 4 + i] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  #wordsAt(row: number): IdWords {
    const [words, at] = [this.#words, row * 4];
    return [words[at] as number, words[at + 1] as number, words[at + 2] as number, words[at + 3] as number];
  }

  /** Where the id stands, or the free slot where it would. */
  #slotOf(words: IdWords): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(words) & mask;
    for (let row = this.#slots[slot] as number; row > 0; row = this.#slots[slot] as number) {
      if (this.compareTo(row - 1, words) === 0) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #rehash(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let row = 0; row < this.size; row++) this.#slots[this.#slotOf(this.#wordsAt(row))] = row + 1;
  }
}

/** Equal values by one small number each, from 0 in the order of their coming. */
export class Interned<T> {
  readonly values: T[] = [];
  readonly #codes = new Map<string, number>();

  get size(): number {
    return this.values.length;
  }

  /** The number of a value, a new one where it has none; values with the same key are the same. */
  add(key: string, value: T): number {
    const known = this.#codes.get(key);
    if (known !== undefined) return known;
    const code = this.values.push(value) - 1;
    this.#codes.set(key, code);
    return code;
  }

  /** -1 for a key that has none. */
  codeOf(key: string): number {
    return this.#codes.get(key) ?? -1;
  }
}

/** A number of each room type, such as when its next hold is over, and the least of them. */
export class Earliest {
  /** Infinity when there is none. */
  value = Number.POSITIVE_INFINITY;
  readonly #values = new Map<string, number>();

  get bytes(): number {
    return this.#values.size * 120;
  }

  get roomTypeIds(): string[] {
    return [...this.#values.keys()];
  }

  /** Null where a room type has none. */
  set(roomTypeId: string, value: number | null): void {
    const former = this.#values.get(roomTypeId);
    if (value === null) this.#values.delete(roomTypeId);
    else this.#values.set(roomTypeId, value);
    if (value !== null && value <= this.value) this.value = value;
    else if (former === this.value) this.#findEarliest();
  }

  /** The room types whose number is not above `value`. */
  upTo(value: number): string[] {
    if (this.value > value) return [];
    return [...this.#values].filter(([, own]) => own <= value).map(([roomTypeId]) => roomTypeId);
  }

  #findEarliest(): void {
    this.value = Number.POSITIVE_INFINITY;
    for (const value of this.#values.values()) this.value = Math.min(this.value, value);
  }
}

import { grown } from './column.ts';

/** The best offer of each property that a search has found; kept from search to search for its memory. */
export class Found {
  count = 0;
  /** Properties in the order of their coming. */
  properties = new Uint32Array(1);
  total = new Float64Array(1);
  offer = new Uint32Array(1);
  #search = 0;
  #seenIn = new Uint32Array(1);

  get bytes(): number {
    return [this.properties, this.total, this.offer, this.#seenIn].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Forgets what it holds, for a search among that many properties. */
  begin(properties: number): void {
    this.count = 0;
    this.#search += 1;
    this.properties = grown(this.properties, properties);
    this.total = grown(this.total, properties);
    this.offer = grown(this.offer, properties);
    this.#seenIn = grown(this.#seenIn, properties);
  }

  /** Notes an offer if the property has none, or where `isBetter` says so of the one that it has. */
  note(property: number, offer: number, total: number, isBetter: (offer: number, than: number) => boolean): void {
    if (this.#seenIn[property] !== this.#search) {
      this.#seenIn[property] = this.#search;
      this.properties[this.count++] = property;
    } else {
      const best = this.total[property] as number;
      if (total > best || (total === best && !isBetter(offer, this.offer[property] as number))) return;
    }
    this.total[property] = total;
    this.offer[property] = offer;
  }
}

import { businessDateAt, daysBetween } from '../../../kernel/dates.ts';
import { foldText } from '../../../kernel/folding.ts';
import type { SearchInput } from '../search-schemas.ts';
import { grown } from './column.ts';
import { keepInside, keepNear } from './place-filter.ts';
import type { PropertyTable } from './property-table.ts';
import type { RowRange } from './row-range.ts';

const NO_ROWS: RowRange = { from: 0, until: 0 };

/** Which properties a search is about: kept from search to search for its memory. */
export class PropertyFilter {
  /** 1 for each property that the search is about. */
  accepted = new Uint8Array(1);
  /** Whether the search is about some properties only, by place or otherwise. */
  isSelective = false;
  /** Km to the place of the search, of accepted properties. */
  distance = new Float64Array(1);
  /** Days from the business date to the arrival, by the number of the zone. */
  daysAhead = new Int32Array(0);
  /** Outside of these rows none is accepted. */
  #range = NO_ROWS;

  get bytes(): number {
    return this.accepted.byteLength + this.distance.byteLength;
  }

  /**
   * Accepts what `placeConditions` and the business date let through. False when it can't be told: a distance is so near
   * to the radius that rounding decides.
   */
  apply(table: PropertyTable, input: SearchInput, nowMs: number): boolean {
    const { city, currency, types, box, amenities, near } = input;
    const count = table.ids.size;
    const cityCode = city === undefined ? null : table.cities.codeOf(foldText(city));
    const rows = cityCode === null ? { from: 0, until: count } : (table.cities.values[cityCode] ?? NO_ROWS);
    this.isSelective = [city, currency, types, box, amenities, near].some((given) => given !== undefined);
    this.accepted = grown(this.accepted, count);
    this.accepted.fill(0, 0, count);
    this.accepted.fill(1, rows.from, rows.until);
    this.daysAhead = daysAheadByZone(table, input.arrival, nowMs);
    if (this.daysAhead.some((days) => days < 0)) this.#keepZones(table, rows);
    if (cityCode !== null) this.#keepCode(table.city, cityCode, rows);
    if (currency) this.#keepCode(table.currency, table.currencies.codeOf(currency), rows);
    if (types) this.#keepTypes(table, types, rows);
    if (box) keepInside(table, box, this.accepted, rows);
    if (amenities) this.#keepAmenities(table, amenities, rows);
    if (near) this.distance = grown(this.distance, count);
    const isSure = !near || keepNear(table, near, this.accepted, this.distance, rows);
    this.#noteRange(count);
    return isSure;
  }

  /** Whether a property among these rows can be accepted. */
  mayAccept({ from, until }: RowRange): boolean {
    return from < this.#range.until && until > this.#range.from;
  }

  #noteRange(count: number): void {
    const from = this.isSelective ? this.accepted.indexOf(1) : 0;
    const until = this.isSelective ? this.accepted.lastIndexOf(1, count - 1) + 1 : count;
    this.#range = from < 0 ? NO_ROWS : { from, until };
  }

  #keepZones({ zone }: PropertyTable, { from, until }: RowRange): void {
    const { accepted, daysAhead } = this;
    for (let i = from; i < until; i++) if ((daysAhead[zone[i] as number] as number) < 0) accepted[i] = 0;
  }

  #keepCode(column: Uint32Array | Uint16Array, code: number, { from, until }: RowRange): void {
    const { accepted } = this;
    for (let i = from; i < until; i++) if (column[i] !== code) accepted[i] = 0;
  }

  #keepTypes({ type, types }: PropertyTable, names: readonly string[], { from, until }: RowRange): void {
    const { accepted } = this;
    const isAsked = new Uint8Array(types.size);
    for (const name of names) isAsked[types.codeOf(name)] = 1;
    for (let i = from; i < until; i++) if (isAsked[type[i] as number] === 0) accepted[i] = 0;
  }

  #keepAmenities({ amenities }: PropertyTable, names: readonly string[], rows: RowRange): void {
    const { accepted } = this;
    const asked = amenities.asked(names);
    if (!asked) accepted.fill(0, rows.from, rows.until);
    else amenities.keep(asked, accepted, rows);
  }
}

/** Each business date is found out once a minute: clocks change at full minutes. */
const daysAheadByZone = ({ zones }: PropertyTable, arrival: string, nowMs: number): Int32Array<ArrayBuffer> => {
  const minute = Math.floor(nowMs / 60_000);
  return Int32Array.from(zones.values, (zone) => {
    if (zone.minute !== minute) {
      zone.today = businessDateAt(nowMs, zone.timeZone, zone.dayStartsAt);
      zone.minute = minute;
    }
    return daysBetween(zone.today, arrival);
  });
};

import { businessDateAt, daysBetween } from '../../../kernel/dates.ts';
import { foldText } from '../../../kernel/folding.ts';
import type { SearchInput } from '../search-schemas.ts';
import { grown } from './column.ts';
import { keepInside, keepNear } from './place-filter.ts';
import type { PropertyTable } from './property-table.ts';

/** Which properties a search is about: kept from search to search for its memory. */
export class PropertyFilter {
  /** 1 for each property that the search is about. */
  accepted = new Uint8Array(1);
  /** Km to the place of the search, of accepted properties. */
  distance = new Float64Array(1);
  /** Days from the business date to the arrival, by the number of the zone. */
  daysAhead = new Int32Array(0);

  get bytes(): number {
    return this.accepted.byteLength + this.distance.byteLength;
  }

  /**
   * Accepts what `placeConditions` and the business date let through. False when it can't be told: a distance is so near
   * to the radius that rounding decides.
   */
  apply(table: PropertyTable, input: SearchInput, nowMs: number): boolean {
    const count = table.ids.size;
    this.accepted = grown(this.accepted, count);
    this.accepted.fill(1, 0, count);
    this.daysAhead = daysAheadByZone(table, input.arrival, nowMs);
    if (this.daysAhead.some((days) => days < 0)) this.#keepZones(table, count);
    if (input.city) this.#keepCode(table.city, table.cities.codeOf(foldText(input.city)), count);
    if (input.currency) this.#keepCode(table.currency, table.currencies.codeOf(input.currency), count);
    if (input.types) this.#keepTypes(table, input.types, count);
    if (input.box) keepInside(table, input.box, this.accepted, count);
    if (input.amenities) this.#keepAmenities(table, input.amenities, count);
    if (!input.near) return true;
    this.distance = grown(this.distance, count);
    return keepNear(table, input.near, this.accepted, this.distance, count);
  }

  #keepZones({ zone }: PropertyTable, count: number): void {
    const { accepted, daysAhead } = this;
    for (let i = 0; i < count; i++) if ((daysAhead[zone[i] as number] as number) < 0) accepted[i] = 0;
  }

  #keepCode(column: Uint32Array | Uint16Array, code: number, count: number): void {
    const { accepted } = this;
    for (let i = 0; i < count; i++) if (column[i] !== code) accepted[i] = 0;
  }

  #keepTypes({ type, types }: PropertyTable, names: readonly string[], count: number): void {
    const { accepted } = this;
    const isAsked = new Uint8Array(types.size);
    for (const name of names) isAsked[types.codeOf(name)] = 1;
    for (let i = 0; i < count; i++) if (isAsked[type[i] as number] === 0) accepted[i] = 0;
  }

  #keepAmenities({ amenities }: PropertyTable, names: readonly string[], count: number): void {
    const { accepted } = this;
    const asked = amenities.asked(names);
    if (!asked) accepted.fill(0, 0, count);
    else amenities.keep(asked, accepted, count);
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

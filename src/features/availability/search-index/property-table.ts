import type { LocalDate } from '../../../kernel/dates.ts';
import { AmenitySets } from './amenity-sets.ts';
import { grown } from './column.ts';
import { IdTable } from './id-table.ts';
import { Interned } from './interned.ts';
import type { RowRange } from './row-range.ts';

/** What searches ask of a property. */
export interface PropertyFacts {
  propertyId: string;
  cityKey: string;
  type: string;
  currency: string;
  latitude: number | null;
  longitude: number | null;
  rating: number | null;
  amenities: readonly string[];
  timeZone: string;
  dayStartsAt: string;
}

/** Where a business date turns: the zone, and the local time at which the day starts. */
export interface Zone {
  timeZone: string;
  dayStartsAt: string;
  /** The business date and the minute of the clock that it was found out in. */
  today: LocalDate;
  minute: number;
}

/** Properties by row, a column for each fact; NaN where a number is not known. */
export class PropertyTable {
  readonly ids = new IdTable();
  /** With the rows among which all properties of a city are. */
  readonly cities = new Interned<RowRange>();
  readonly types = new Interned<null>();
  readonly currencies = new Interned<null>();
  readonly zones = new Interned<Zone>();
  readonly amenities = new AmenitySets();
  city = new Uint32Array(1);
  type = new Uint32Array(1);
  currency = new Uint16Array(1);
  zone = new Uint16Array(1);
  latitude = new Float64Array(1);
  longitude = new Float64Array(1);
  /** By which the best rated comes first, as the statement has it. */
  ratingKey = new Float64Array(1);

  get bytes(): number {
    const columns = [this.city, this.type, this.currency, this.zone, this.latitude, this.longitude, this.ratingKey];
    const names = this.cities.size + this.types.size + this.zones.size;
    return (
      columns.reduce((sum, { byteLength }) => sum + byteLength, 0) + this.ids.bytes + this.amenities.bytes + names * 150
    );
  }

  /** Writes a property's facts and answers its row. */
  set(facts: PropertyFacts): number {
    const row = this.ids.add(facts.propertyId);
    this.#grow(row + 1);
    const { timeZone, dayStartsAt } = facts;
    this.city[row] = this.#cityOf(facts.cityKey, row);
    this.type[row] = this.types.add(facts.type, null);
    this.currency[row] = this.currencies.add(facts.currency, null);
    this.zone[row] = this.zones.add(`${timeZone} ${dayStartsAt}`, {
      timeZone,
      dayStartsAt,
      today: '',
      minute: Number.NaN,
    });
    this.latitude[row] = facts.latitude ?? Number.NaN;
    this.longitude[row] = facts.longitude ?? Number.NaN;
    this.ratingKey[row] = -(facts.rating ?? -1);
    this.amenities.set(row, facts.amenities);
    return row;
  }

  #cityOf(key: string, row: number): number {
    const code = this.cities.add(key, { from: row, until: row });
    const rows = this.cities.values[code] as RowRange;
    rows.from = Math.min(rows.from, row);
    rows.until = Math.max(rows.until, row + 1);
    return code;
  }

  #grow(length: number): void {
    this.city = grown(this.city, length);
    this.type = grown(this.type, length);
    this.currency = grown(this.currency, length);
    this.zone = grown(this.zone, length);
    this.latitude = grown(this.latitude, length);
    this.longitude = grown(this.longitude, length);
    this.ratingKey = grown(this.ratingKey, length);
  }
}

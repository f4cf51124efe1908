import { type ConsistencyToken, newerToken } from '../../../kernel/consistency-token.ts';
import { daysBetween, type LocalDate } from '../../../kernel/dates.ts';
import type { SearchInput } from '../search-schemas.ts';
import type { Place } from './best-first.ts';
import { type Candidates, SearchColumns } from './columns.ts';
import { Earliest } from './earliest.ts';
import { createNightReader } from './night-text.ts';
import { NIGHTS } from './night-window.ts';
import type { AskedNights, OfferRow } from './offer-rows.ts';

/** The columns, and what of them changes without an event: when holds end, and how far nights have been opened. */
export class IndexContent {
  readonly columns: SearchColumns;
  /** When each room type's next hold is over, in milliseconds. */
  readonly holdEnds = new Earliest();
  /** Of room types without nights up to the window's end: how many of the window's nights have been opened. */
  readonly openedNights = new Earliest();
  readonly #readNights = createNightReader();
  #seen: ConsistencyToken | null = null;

  constructor(firstNight: LocalDate) {
    this.columns = new SearchColumns(firstNight);
  }

  /** Nothing in it is newer than this; null while there is nothing. It moves on with what is taken in, also within a look. */
  get seen(): ConsistencyToken | null {
    return this.#seen;
  }

  get bytes(): number {
    return this.columns.bytes + this.holdEnds.bytes + this.openedNights.bytes;
  }

  /** The window's nights: [first, last). */
  get window(): { first: LocalDate; last: LocalDate } {
    return { first: this.columns.firstNight, last: this.columns.night(NIGHTS) };
  }

  /** As `SearchColumns.search`; null also while a hold that is over counts, or nights may have been opened since. */
  search(input: SearchInput, nowMs: number, after: Place | null, most: number): Candidates | null {
    const departure = daysBetween(this.columns.firstNight, input.departure);
    if (nowMs >= this.holdEnds.value || departure > this.openedNights.value) return null;
    return this.columns.search(input, nowMs, after, most);
  }

  /** Takes in all that was read of properties by `seen`: what is not among the rows is not on sale. */
  putProperties(propertyIds: readonly string[], rows: readonly OfferRow[], seen: ConsistencyToken | null): void {
    this.#seen = newerToken(this.#seen, seen);
    for (const propertyId of propertyIds) this.columns.deactivate(propertyId);
    for (const row of rows) {
      this.#note(row);
      const { occupancy, taxes } = row;
      this.columns.setOffer(row, { ...row, terms: { occupancy, taxes } }, this.#readNights(row));
    }
  }

  /** Takes in nights of offers that are known, read by `seen`. */
  putNights(asked: readonly AskedNights[], rows: readonly OfferRow[], seen: ConsistencyToken | null): void {
    this.#seen = newerToken(this.#seen, seen);
    for (const { roomTypeId } of asked) {
      this.holdEnds.set(roomTypeId, null);
      this.openedNights.set(roomTypeId, null);
    }
    for (const row of rows) {
      this.#note(row);
      this.columns.setNights(row.roomTypeId, row.ratePlanId, row.from, this.#readNights(row));
    }
  }

  #note({ roomTypeId, nextHoldEnd, openedNights }: OfferRow): void {
    this.holdEnds.set(roomTypeId, nextHoldEnd === null ? null : Date.parse(nextHoldEnd));
    const opened = Math.max(0, openedNights ?? 0);
    this.openedNights.set(roomTypeId, opened >= NIGHTS ? null : opened);
  }
}

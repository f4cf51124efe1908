import type { Ids } from '../../kernel/ids.ts';
import type { ListingCalendar } from './listing-calendars.ts';
import type { Listing } from './listing-row.ts';
import { type StayCalendar, type StayDates, stayCalendarOf } from './stay-calendar.ts';

/** A listing with the ids of all that it becomes. */
export interface ImportedProperty {
  listing: Listing;
  calendar: StayCalendar;
  propertyId: string;
  roomTypeId: string;
  roomId: string;
  ratePlanId: string;
  blockIds: string[];
}

/** By external reference, the one order in which all imports write; ids rise with it. */
export const importedProperties = (chunk: readonly ListingCalendar[], dates: StayDates, ids: Ids): ImportedProperty[] =>
  chunk
    .toSorted((a, b) => (a.listing.externalRef < b.listing.externalRef ? -1 : 1))
    .map(({ listing, nights }) => {
      const calendar = stayCalendarOf(nights, dates);
      return {
        listing,
        calendar,
        propertyId: ids.uuid(),
        roomTypeId: ids.uuid(),
        roomId: ids.uuid(),
        ratePlanId: ids.uuid(),
        blockIds: calendar.blocks.map(() => ids.uuid()),
      };
    });

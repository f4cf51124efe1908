import { cacheTags, monthsOf } from '../events/index.ts';
import type { CalendarInput } from './calendar.ts';
import type { SearchInput } from './search-schemas.ts';

/** A search depends on all nights that it asks about, and on who has them. */
export const searchTags = ({ arrival, departure }: SearchInput): string[] => [
  cacheTags.catalogue,
  ...monthsOf(arrival, departure).map(cacheTags.nights),
];

export const calendarTags = ({ roomTypeId, from, until }: CalendarInput): string[] => [
  cacheTags.catalogue,
  ...monthsOf(from, until).map((month) => cacheTags.nightsOf(roomTypeId, month)),
];

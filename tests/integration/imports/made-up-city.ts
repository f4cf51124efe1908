import { addDays } from '../../../src/kernel/dates.ts';

const listingsHeader = 'id,name,property_type,room_type,latitude,longitude,accommodates';
const calendarHeader = 'listing_id,date,available,price,minimum_nights,maximum_nights';

/** Listings 1 to `listings` with `nights` nights each from `first` on, of which every third is not available. */
export const madeUpCity = (listings: number, nights: number, first: string) => {
  const ids = Array.from({ length: listings }, (_, at) => at + 1);
  const row = (id: number, night: number) =>
    `${id},${addDays(first, night)},${(id + night) % 3 === 0 ? 'f' : 't'},$${100 + (id % 50)}.00,1,30`;
  return {
    listings: [listingsHeader, ...ids.map((id) => `${id},Listing ${id},Entire home,Entire home/apt,51,4,2`)].join('\n'),
    calendar: [
      calendarHeader,
      ...ids.flatMap((id) => Array.from({ length: nights }, (_, night) => row(id, night))),
    ].join('\n'),
  };
};

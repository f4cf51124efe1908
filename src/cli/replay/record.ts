import { addDays } from '../../kernel/dates.ts';
import { arrivalDate, broken, type Field, given, minorUnits, slashedDate, wholeNumber } from './fields.ts';
import type { Hotel, Row, Status } from './row.ts';

const HOTELS: ReadonlyMap<string, Hotel> = new Map([
  ['Resort Hotel', 'resort'],
  ['City Hotel', 'city'],
]);
const STATUSES: readonly Status[] = ['Check-Out', 'Canceled', 'No-Show'];

const hotelOf = (field: Field): Hotel => {
  const hotel = HOTELS.get(field('hotel'));
  if (!hotel) throw broken('hotel', field('hotel'), [...HOTELS.keys()].join(' or '));
  return hotel;
};

const statusOf = (field: Field): Status => {
  const status = STATUSES.find((known) => known === field('reservation_status'));
  if (!status) throw broken('reservation_status', field('reservation_status'), STATUSES.join(' or '));
  const cancelled = status === 'Check-Out' ? '0' : '1';
  if (field('is_canceled') !== cancelled) {
    throw broken('is_canceled', field('is_canceled'), `${cancelled}, since the status is ${status}`);
  }
  return status;
};

/** One record as a row; throws `BrokenRecord` when a field is not what the dataset's description allows. */
export const rowOf = (row: number, field: Field): Row => {
  const arrival = arrivalDate(field);
  const nights = wholeNumber(field, 'stays_in_weekend_nights') + wholeNumber(field, 'stays_in_week_nights');
  const leadDays = wholeNumber(field, 'lead_time');
  const country = given(field, 'country');
  return {
    row,
    hotel: hotelOf(field),
    roomType: given(field, 'reserved_room_type'),
    bookedOn: addDays(arrival, -leadDays),
    leadDays,
    arrival,
    departure: addDays(arrival, nights),
    nights,
    adults: wholeNumber(field, 'adults'),
    children: field('children') === 'NA' ? 0 : wholeNumber(field, 'children'),
    babies: wholeNumber(field, 'babies'),
    rate: minorUnits(field, 'adr'),
    status: statusOf(field),
    statusDate: slashedDate(field, 'reservation_status_date'),
    country: country === 'NULL' ? undefined : country,
    channel: given(field, 'distribution_channel'),
    marketSegment: given(field, 'market_segment'),
  };
};

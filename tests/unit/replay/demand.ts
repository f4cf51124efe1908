import fc from 'fast-check';
import type { Row, Status } from '../../../src/cli/replay/row.ts';
import { addDays, daysBetween } from '../../../src/kernel/dates.ts';

/** The dataset's columns, in its order. */
export const HEADER =
  'hotel,is_canceled,lead_time,arrival_date_year,arrival_date_month,arrival_date_week_number,' +
  'arrival_date_day_of_month,stays_in_weekend_nights,stays_in_week_nights,adults,children,babies,meal,country,' +
  'market_segment,distribution_channel,is_repeated_guest,previous_cancellations,previous_bookings_not_canceled,' +
  'reserved_room_type,assigned_room_type,booking_changes,deposit_type,agent,company,days_in_waiting_list,' +
  'customer_type,adr,required_car_parking_spaces,total_of_special_requests,reservation_status,reservation_status_date';

/** A line of the dataset: a night of a couple in the resort hotel, booked a week ahead, unless told otherwise. */
export const lineWith = (changes: Readonly<Record<string, string>> = {}): string => {
  const fields: Record<string, string> = {
    hotel: 'Resort Hotel',
    is_canceled: '0',
    lead_time: '7',
    arrival_date_year: '2016',
    arrival_date_month: 'February',
    arrival_date_day_of_month: '28',
    stays_in_weekend_nights: '0',
    stays_in_week_nights: '1',
    adults: '2',
    children: '0',
    babies: '0',
    country: 'PRT',
    market_segment: 'Online TA',
    distribution_channel: 'TA/TO',
    reserved_room_type: 'A',
    adr: '75',
    reservation_status: 'Check-Out',
    reservation_status_date: '2/29/2016',
    ...changes,
  };
  return HEADER.split(',')
    .map((column) => fields[column] ?? '0')
    .join(',');
};

/** A row that was booked on 1 May 2016, stayed from 10 to 13 May and left as planned, unless told otherwise. */
export const rowWith = (changes: Partial<Row> = {}): Row => {
  const arrival = changes.arrival ?? '2016-05-10';
  const nights = changes.nights ?? 3;
  const bookedOn = changes.bookedOn ?? '2016-05-01';
  const departure = addDays(arrival, nights);
  return {
    row: 1,
    hotel: 'resort',
    roomType: 'A',
    bookedOn,
    leadDays: daysBetween(bookedOn, arrival),
    arrival,
    departure,
    nights,
    adults: 2,
    children: 0,
    babies: 0,
    rate: 10_000,
    status: 'Check-Out',
    statusDate: departure,
    country: 'PRT',
    channel: 'TA/TO',
    marketSegment: 'Online TA',
    ...changes,
  };
};

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** The dataset's line of a row; its rate needs at most two digits. */
export const lineOf = (row: Row): string => {
  const [year = '', month = '', day = ''] = row.arrival.split('-');
  const [statusYear = '', statusMonth = '', statusDay = ''] = row.statusDate.split('-');
  return lineWith({
    hotel: row.hotel === 'city' ? 'City Hotel' : 'Resort Hotel',
    is_canceled: row.status === 'Check-Out' ? '0' : '1',
    lead_time: String(row.leadDays),
    arrival_date_year: year,
    arrival_date_month: MONTHS[Number(month) - 1] ?? '',
    arrival_date_day_of_month: String(Number(day)),
    stays_in_week_nights: String(row.nights),
    adults: String(row.adults),
    children: String(row.children),
    babies: String(row.babies),
    reserved_room_type: row.roomType,
    adr: (row.rate / 100).toFixed(2),
    reservation_status: row.status,
    reservation_status_date: `${Number(statusMonth)}/${Number(statusDay)}/${statusYear}`,
  });
};

const drafts = fc.record({
  hotel: fc.constantFrom('resort', 'city'),
  roomType: fc.constantFrom('A', 'B'),
  arrivalDay: fc.nat(12),
  leadDays: fc.nat(6),
  nights: fc.nat(4),
  adults: fc.constantFrom(0, 1, 2, 2, 2),
  rate: fc.integer({ min: -100, max: 30_000 }),
  status: fc.constantFrom<Status>('Check-Out', 'Canceled', 'No-Show'),
  statusOffset: fc.integer({ min: -8, max: 6 }),
});

/** Demand crowded into a few days over the end of a leap year's February, with status dates that may make no sense. */
export const demand: fc.Arbitrary<Row[]> = fc.array(drafts, { maxLength: 40 }).map((list) =>
  list.map(({ arrivalDay, leadDays, statusOffset, ...draft }, index) => {
    const arrival = addDays('2016-02-22', arrivalDay);
    const bookedOn = addDays(arrival, -leadDays);
    return rowWith({
      ...draft,
      row: index + 1,
      arrival,
      bookedOn,
      leadDays,
      statusDate: addDays(arrival, statusOffset),
    });
  }),
);

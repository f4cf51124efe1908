import { listUsers } from '../../../src/features/access/user.queries.ts';
import { listUsersInput } from '../../../src/features/access/user.schemas.ts';
import { search } from '../../../src/features/availability/search.ts';
import { type SearchInput, searchInput } from '../../../src/features/availability/search-schemas.ts';
import { getBooking, listBookings, lookUpBooking } from '../../../src/features/bookings/queries.ts';
import { type ListInput, listInput } from '../../../src/features/bookings/schemas.ts';
import { listEvents } from '../../../src/features/events/queries.ts';
import { listProperties } from '../../../src/features/properties/property.queries.ts';
import { listPropertiesInput } from '../../../src/features/properties/property.schemas.ts';
import { encodeCursor } from '../../../src/kernel/wire.ts';
import type { Sql } from '../../../src/platform/db/database.ts';
import { nth } from './big-tenant.ts';

export interface PlanCase {
  what: string;
  query: (db: Sql) => Promise<unknown>;
  /** The index that the statement is to use, or some of which one serves as well as another. */
  indexes: string[];
  /** Rows and index entries that it may look at, those of the answer's lines and guests among them. */
  rows: number;
}

type Case = [what: string, query: PlanCase['query'], index: string | string[], rows: number];

const bookings = (input: Partial<ListInput>) => (db: Sql) => listBookings(db, listInput.parse(input));
const users = (input: object) => (db: Sql) => listUsers(db, listUsersInput.parse(input));
const properties = (input: object) => (db: Sql) => listProperties(db, listPropertiesInput.parse(input));
const offers = (input: Partial<SearchInput>) => (db: Sql) =>
  search(
    db,
    searchInput.parse({ arrival: '2026-03-20', departure: '2026-03-23', ...input }),
    '2026-03-02T12:00:00.000Z',
  );

const hotel = nth('property', 77);
const clerk = nth('app_user', 500);
const july = { from: '2024-07-01', until: '2024-07-08' };
const middle = encodeCursor(['2024-06-01T00:00:00.000Z', nth('booking', 400_000)]);

const ofBookings: Case[] = [
  ['newest first', bookings({}), 'booking_created', 100],
  ['newest first, from the middle', bookings({ cursor: middle }), 'booking_created', 100],
  ['of a user', bookings({ userId: clerk }), 'booking_user', 300],
  [
    'of a user by status and dates',
    bookings({ userId: clerk, states: ['confirmed', 'held'], arrivalFrom: '2025-11-01' }),
    'booking_user',
    100,
  ],
  ['of a property', bookings({ propertyId: hotel }), 'booking_property_created', 100],
  [
    'of a property by arrival',
    bookings({ propertyId: hotel, arrivalFrom: '2024-07-01', arrivalUntil: '2024-07-02' }),
    'booking_property',
    100,
  ],
  [
    'of a property that touch a week',
    bookings({ propertyId: hotel, stayFrom: july.from, stayUntil: july.until }),
    ['booking_property', 'booking_property_created'],
    1_000,
  ],
  ['that touch a week', bookings({ stayFrom: july.from, stayUntil: july.until }), 'booking_long_stay', 12_000],
  [
    'by arrival, with their total',
    bookings({ arrivalFrom: '2024-07-01', arrivalUntil: '2024-07-02', withTotal: true }),
    'booking_arrival',
    6_000,
  ],
  ['in rare states', bookings({ states: ['held', 'checked_in'] }), 'booking_state', 100],
  ['from a rare channel', bookings({ channel: 'fax' }), 'booking_channel', 100],
  ['of a guest', bookings({ guestId: nth('guest', 4711) }), 'booking_booker', 100],
  ['by external reference', bookings({ externalRef: 'EXT-123456' }), 'booking_external_ref', 10],
  ['by text: a code', bookings({ text: '000001e240' }), 'booking_tenant_id_code_key', 20],
  ['by text: a reference', bookings({ text: 'EXT-123456' }), 'booking_external_ref', 20],
  ['by text: an e-mail', bookings({ text: 'Guest-4711@example.org' }), 'guest_email', 100],
  ['by text: a phone', bookings({ text: '+351 910 004711' }), 'guest_phone', 100],
  ['by text: a name', bookings({ text: 'aeioum sil' }), 'guest_name', 100],
  ['by text: the first letter of many names', bookings({ text: 'a' }), 'booking_created', 4_000],
  ['with their total, which is capped', bookings({ withTotal: true }), 'booking_created', 10_200],
  ['with the total of a rare channel', bookings({ channel: 'fax', withTotal: true }), 'booking_channel', 100],
];

const ofOthers: Case[] = [
  [
    'a booking by code and e-mail',
    (db) => lookUpBooking(db, '000001E240', 'guest-1@example.org'),
    'booking_tenant_id_code_key',
    10,
  ],
  ['a booking', (db) => getBooking(db, { bookingId: nth('booking', 123_456) }), 'booking_pkey', 10],
  ['a user by e-mail', users({ email: 'User-4711@example.org' }), 'app_user_tenant_id_email_key_key', 10],
  ['a user by phone', users({ phone: '+351 900 004711' }), 'app_user_phone', 10],
  [
    'active properties by city, type and price',
    properties({ active: true, city: 'metropolis', type: 'hotel', minPrice: 6_000, maxPrice: 6_200 }),
    'property_active_city_type_price',
    50,
  ],
  [
    'events, page by page',
    (db) => listEvents(db, { limit: 100, cursor: encodeCursor(['30000', 30_000]) }),
    'event_page',
    300,
  ],
  [
    'events of a booking',
    (db) => listEvents(db, { limit: 20, bookingId: nth('booking', 160_000) }),
    'event_tenant_id_booking_id_booking_seq_key',
    10,
  ],
  ['offers in a town', offers({ city: 'Town 77' }), 'property_active_city_type_price', 3_000],
  ['offers in a box', offers({ box: { south: 10, north: 11, west: 10, east: 11 } }), 'property_active_place', 300],
  [
    'offers around a place',
    offers({ near: { latitude: 10, longitude: 10, radiusKm: 100 }, sort: 'distance' }),
    'property_active_place',
    1_000,
  ],
  ['offers in a city by date', offers({ city: 'Metropolis' }), 'inventory_night_by_date', 400_000],
  ['offers everywhere by date', offers({}), 'rate_night_by_date', 700_000],
];

/** What the lists of the API are to be answered from, however many rows there are. */
export const planCases: PlanCase[] = [
  ...ofBookings.map(([what, ...rest]): Case => [`bookings ${what}`, ...rest]),
  ...ofOthers,
].map(([what, query, indexes, rows]) => ({ what, query, indexes: [indexes].flat(), rows }));

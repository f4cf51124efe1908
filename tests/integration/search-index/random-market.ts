import { addDays, type LocalDate } from '../../../src/kernel/dates.ts';
import type { TestApp, TestTenant } from '../../support/app.ts';
import type { Lots } from '../../support/lots.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

/** The clock stands on the day after, at noon UTC. */
export const FIRST_DAY: LocalDate = '2026-03-01';
export const DAYS = 45;
export const CITIES = ['Lisboa', 'Évora', 'Honolulu', 'Kiritimati'];
export const TYPES = ['hotel', 'hostel', 'villa'];
export const AMENITIES = Array.from({ length: 150 }, (_, i) => `amenity ${i}`);
export const CURRENCIES = ['EUR', 'USD', 'JPY'];

const ZONES = ['Europe/Lisbon', 'Pacific/Honolulu', 'Pacific/Kiritimati', 'Asia/Kathmandu'];
const TAXES = [
  { code: 'vat', name: 'VAT', kind: 'percent', value: 1_350, included: false },
  { code: 'inc', name: 'Included', kind: 'percent', value: 600, included: true },
  { code: 'city', name: 'City', kind: 'per_person_per_night', value: 200, included: false, exemptUpToAge: 12 },
  { code: 'head', name: 'Head', kind: 'per_person', value: 350, included: false },
  { code: 'night', name: 'Night', kind: 'per_night', value: 75, included: false },
  { code: 'stay', name: 'Stay', kind: 'per_stay', value: 999, included: false },
];

export interface Offered {
  propertyId: string;
  roomTypeId: string;
  ratePlanId: string;
}

const property = (lots: Lots, id: string) => ({
  id,
  name: `Inn ${lots.below(1_000)}`,
  type: lots.pick(TYPES),
  active: lots.chance(0.95),
  time_zone: lots.pick(ZONES),
  currency: lots.pick(CURRENCIES),
  city: lots.pick(CITIES),
  latitude: lots.chance(0.9) ? 38 + lots.below(40) / 20 : null,
  longitude: lots.chance(0.9) ? 179.5 + lots.below(20) / 20 : null,
  rating: lots.chance(0.8) ? lots.below(10) / 2 : null,
  amenities: lots.some(AMENITIES, lots.chance(0.5) ? 0.5 : 0.05),
  day_starts_at: lots.pick(['00:00', '04:00', '14:30']),
  taxes: lots.chance(0.5) ? [] : lots.some(TAXES, 0.4),
});

const roomType = (lots: Lots, id: string, propertyId: string) => {
  const adults = 1 + lots.below(4);
  const children = lots.below(3);
  const rooms = lots.pick([1, 1, 2, 3, 9]);
  return {
    ...{ id, property_id: propertyId, max_adults: adults, max_children: children, physical_rooms: rooms },
    max_occupancy: adults + lots.below(children + 1),
    active: lots.chance(0.93),
  };
};

const ratePlan = (lots: Lots, id: string, propertyId: string) => ({
  ...{ id, property_id: propertyId, code: id.slice(0, 18), active: lots.chance(0.93) },
  included_adults: 1 + lots.below(3),
  extra_adult: lots.pick([0, 1_500]),
  child_prices: lots.pick([
    [],
    [
      { maxAge: 5, amount: 0 },
      { maxAge: 12, amount: 700 },
    ],
    [{ maxAge: 17, amount: 1_111 }],
  ]),
});

const rateNights = (lots: Lots, roomTypeId: string, ratePlanId: string) => {
  const limit = (probability: number, bound: number) => (lots.chance(probability) ? 1 + lots.below(bound) : null);
  const isExpensive = lots.chance(0.03);
  const isLimited = lots.chance(0.4);
  return Array.from({ length: DAYS }, (_, offset) => {
    // One of the two at a time, lest a minimum come to lie above its maximum.
    const [isMin, isLeast] = [lots.chance(0.5), lots.chance(0.5)];
    return {
      ...{ room_type_id: roomTypeId, rate_plan_id: ratePlanId, night: addDays(FIRST_DAY, offset) },
      price: lots.chance(0.03) ? null : lots.below(isExpensive ? 90_000_000 : 8) * 1_000 + lots.below(3),
      stop_sell: lots.chance(0.02),
      closed_to_arrival: isLimited && lots.chance(0.06),
      closed_to_departure: isLimited && lots.chance(0.06),
      min_stay: isLimited && isMin ? limit(0.3, 4) : null,
      max_stay: isLimited && !isMin ? limit(0.3, 4) : null,
      min_advance: isLimited && isLeast ? limit(0.1, 20) : null,
      max_advance: isLimited && !isLeast ? limit(0.1, 20) : null,
    };
  });
};

const INSERT = `with property as (
    insert into property (id, name, type, active, time_zone, currency, city, city_key, latitude, longitude, rating,
      amenities, day_starts_at, taxes, created_at)
    select id, name, type, active, time_zone, currency, city, translate(lower(city), 'é', 'e'), latitude, longitude, rating,
      array(select jsonb_array_elements_text(amenities)), day_starts_at, taxes, '2026-03-01Z'
    from jsonb_to_recordset($1::jsonb) p (id uuid, name text, type text, active boolean, time_zone text, currency text,
      city text, latitude float8, longitude float8, rating float8, amenities jsonb, day_starts_at text, taxes jsonb)
  ), room_type as (
    insert into room_type (id, property_id, name, max_adults, max_children, max_occupancy, physical_rooms, active,
      inventory_until, created_at)
    select id, property_id, 'Room', max_adults, max_children, max_occupancy, physical_rooms, active, '2028-03-21',
      '2026-03-01Z'
    from jsonb_to_recordset($2::jsonb) t (id uuid, property_id uuid, max_adults integer, max_children integer,
      max_occupancy integer, physical_rooms integer, active boolean)
  ), night as (
    insert into inventory_night (room_type_id, night, physical)
    select t.id, $5::date + d, t.physical_rooms
    from jsonb_to_recordset($2::jsonb) t (id uuid, physical_rooms integer), generate_series(0, ${DAYS} - 1) d
    where hashtext(t.id::text || d) % 25 <> 0
  ), plan as (
    insert into rate_plan (id, property_id, code, name, active, included_adults, extra_adult, child_prices, terms, created_at)
    select id, property_id, code, 'Plan', active, included_adults, extra_adult, child_prices,
      '{"cancellation": [], "noShow": {"fee": {"kind": "percent", "basisPoints": 0}, "nights": "return"}, "prepayment": {"basisPoints": 0}}',
      '2026-03-01Z'
    from jsonb_to_recordset($3::jsonb) r (id uuid, property_id uuid, code text, active boolean, included_adults integer,
      extra_adult bigint, child_prices jsonb)
  )
  insert into rate_night (room_type_id, rate_plan_id, night, price, stop_sell, closed_to_arrival, closed_to_departure,
    min_stay, max_stay, min_advance, max_advance)
  select * from jsonb_to_recordset($4::jsonb) n (room_type_id uuid, rate_plan_id uuid, night date, price bigint,
    stop_sell boolean, closed_to_arrival boolean, closed_to_departure boolean, min_stay smallint, max_stay smallint,
    min_advance smallint, max_advance smallint)`;

/** Properties with all that makes searches hard, written past the API because of their number; answers all their offers. */
export const buildRandomMarket = async (
  app: TestApp,
  { tenantId }: TestTenant,
  lots: Lots,
  count: number,
): Promise<Offered[]> => {
  const properties = Array.from({ length: count }, () => property(lots, lots.uuid()));
  const make = <T>(most: number, one: (propertyId: string) => T): T[] =>
    properties.flatMap(({ id }) => Array.from({ length: 1 + lots.below(most) }, () => one(id)));
  const roomTypes = make(3, (propertyId) => roomType(lots, lots.uuid(), propertyId));
  const ratePlans = make(2, (propertyId) => ratePlan(lots, lots.uuid(), propertyId));
  const offered = roomTypes.flatMap((type) =>
    ratePlans
      .filter((plan) => plan.property_id === type.property_id && lots.chance(0.9))
      .map((plan) => ({ propertyId: type.property_id, roomTypeId: type.id, ratePlanId: plan.id })),
  );
  const nights = offered.flatMap(({ roomTypeId, ratePlanId }) => rateNights(lots, roomTypeId, ratePlanId));
  const values = [properties, roomTypes, ratePlans, nights].map((rows) => JSON.stringify(rows));
  await tenantRows(app.database, tenantId, INSERT, [...values, FIRST_DAY]);
  await tenantRows(app.database, tenantId, 'analyze property, room_type, rate_plan, inventory_night, rate_night');
  return offered;
};

import type { TestApp, TestTenant } from '../../support/app.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

export interface Place {
  latitude: number;
  longitude: number;
}

/** A night on which every property of `placeProperties` has one room free. */
export const FREE_NIGHT = { arrival: '2026-04-01', departure: '2026-04-02' };

/** One property a place, past the API because of their number: a room for two on FREE_NIGHT for 1.00, 2.00, ...; their ids. */
export const placeProperties = async (app: TestApp, tenant: TestTenant, places: Place[]): Promise<string[]> => {
  const rows = await tenantRows<{ id: string }>(
    app.database,
    tenant.tenantId,
    `with place as (
      select app.uuid_v7($2) as id, app.uuid_v7($2) as room_type_id, app.uuid_v7($2) as plan_id, n, latitude, longitude
      from jsonb_to_recordset($1::jsonb) as p (n integer, latitude float8, longitude float8)
    ), property as (
      insert into property (id, name, type, time_zone, currency, city, city_key, latitude, longitude, created_at)
      select id, 'Inn', 'inn', 'UTC', 'EUR', 'Anywhere', 'anywhere', latitude, longitude, $2 from place
    ), room_type as (
      insert into room_type (id, property_id, name, max_adults, max_children, max_occupancy, physical_rooms, created_at)
      select room_type_id, id, 'Double', 2, 0, 2, 1, $2 from place
    ), plan as (
      insert into rate_plan (id, property_id, code, name, included_adults, extra_adult, terms, created_at)
      select plan_id, id, 'BAR', 'Best', 2, 0, '{}', $2 from place
    ), night as (
      insert into inventory_night (room_type_id, night, physical) select room_type_id, $3::date, 1 from place
    ), rate as (
      insert into rate_night (room_type_id, rate_plan_id, night, price)
      select room_type_id, plan_id, $3::date, 100 * n from place
    )
    select id from place order by n`,
    [JSON.stringify(places.map((place, index) => ({ ...place, n: index + 1 }))), '2026-03-01Z', FREE_NIGHT.arrival],
  );
  const analyze = 'analyze property, room_type, rate_plan, inventory_night, rate_night';
  await tenantRows(app.database, tenant.tenantId, analyze);
  return rows.map(({ id }) => id);
};

-- Rows of one tenant by the million, in a database of their own. Every value follows from its row's number n.

-- @prepare
insert into tenant (id, slug, name, created_at) values (:tenant, 'big', 'Big', '2023-01-01Z');

-- No log for what is thrown away, children before their parents.
do $$
declare
  v_table regclass;
  v_done boolean := false;
begin
  while not v_done loop
    v_done := true;
    for v_table in select oid from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' and relpersistence = 'p' loop
      begin
        execute format('alter table %s set unlogged', v_table);
        v_done := false;
      exception when invalid_table_definition then null;
      end;
    end loop;
  end loop;
end $$;

create function nth(p_table text, n bigint) returns uuid language sql immutable parallel safe
  return (case p_table when 'property' then '019c1111' when 'room_type' then '019c2222' when 'rate_plan' then '019c3333'
    when 'app_user' then '019c4444' when 'guest' then '019c5555' when 'booking' then '019c6666' end
    || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid;

do $$
declare
  v_table text;
begin
  foreach v_table in array array['inventory_night', 'rate_night', 'booking', 'booking_line', 'guest'] loop
    execute format('alter table %I alter tenant_id set default %L', v_table, :tenant);
  end loop;
end $$;

-- @offers
-- 100 000 properties with one room type on one plan each; 20 000 of them sell 60 nights, of which 4 000 are in one city and
-- the others in 500 towns.
insert into property (id, name, type, active, time_zone, currency, city, city_key, latitude, longitude, price_from, created_at)
select nth('property', n), 'Inn ' || n, (array['hotel', 'hostel', 'villa', 'apartment', 'inn'])[1 + n % 5], n % 10 > 0,
  'UTC', 'EUR', c.city, lower(c.city), -60 + 120 * (n * 0.6180339 % 1), -180 + 360 * (n * 0.7548777 % 1),
  5000 + n * 7919 % 20000, '2023-01-01Z'
from generate_series(1, 100000) n
cross join lateral (select case when n <= 4000 then 'Metropolis' else 'Town ' || n % 500 end as city) c;

insert into room_type (id, property_id, name, max_adults, max_children, max_occupancy, physical_rooms, created_at)
select nth('room_type', n), nth('property', n), 'Double', 2, 0, 2, 5, '2023-01-01Z' from generate_series(1, 100000) n;

insert into rate_plan (id, property_id, code, name, included_adults, extra_adult, terms, created_at)
select nth('rate_plan', n), nth('property', n), 'BAR', 'Best', 2, 0, '{}', '2023-01-01Z'
from generate_series(1, 100000) n;

insert into inventory_night (room_type_id, night, physical, sold)
select t.id, '2026-03-01'::date + d, 5, (n + d) % 6
from (select n, nth('room_type', n) as id from generate_series(1, 20000) n offset 0) t, generate_series(0, 59) d;

insert into rate_night (room_type_id, rate_plan_id, night, price)
select t.id, t.plan_id, '2026-03-01'::date + d, 5000 + (n * 31 + d) % 9000
from (select n, nth('room_type', n) as id, nth('rate_plan', n) as plan_id from generate_series(1, 20000) n offset 0) t,
  generate_series(0, 59) d;

-- @bookings
insert into app_user (id, email, email_key, phone, phone_key, name, role, password_hash, created_at)
select nth('app_user', n), k.email, k.email, k.phone, k.phone, 'User ' || n, 'booker', '', '2023-01-01Z'
from generate_series(1, 20000) n
cross join lateral (select 'user-' || n || '@example.org' as email, '351900' || lpad(n::text, 6, '0') as phone) k;

insert into guest (id, name, name_key, email, email_key, phone, phone_key, created_at)
select nth('guest', n), k.name, lower(k.name), k.email, k.email, k.phone, k.phone, '2023-01-01Z'
from generate_series(1, 100000) n
cross join lateral (
  select 'guest-' || n || '@example.org' as email, '351910' || lpad(n::text, 6, '0') as phone,
    initcap(translate(to_char(n * 7919 % 100000, 'FM000000'), '0123456789', 'aeioulmnrs')) || ' Silva' as name
) k;

create unlogged table hotel as
select n - 1 as no, nth('property', n) as property_id, nth('room_type', n) as room_type_id, nth('rate_plan', n) as plan_id
from generate_series(1, 200) n;

-- Three years of bookings of 200 hotels by 100 000 guests, every tenth made by one of 1 000 users.
insert into booking (id, property_id, booker_id, user_id, code, state, currency, arrival, departure, total, channel,
  external_ref, hold_expires_at, created_at, updated_at)
select nth('booking', n), h.property_id, nth('guest', 1 + n * 7919::bigint % 100000),
  case when n % 10 = 0 then nth('app_user', 1 + n / 10 % 1000) end, lpad(upper(to_hex(n)), 10, '0'),
  case when n % 5000 = 0 then 'held' when n % 1000 = 1 then 'checked_in' when n % 100 = 2 then 'no_show'
    when n % 10 = 3 then 'cancelled' when n > 900000 then 'confirmed' else 'checked_out' end,
  'EUR', d.arrival, d.arrival + 1 + n % 7, 10000,
  case when n % 100000 = 9 then 'fax' when n % 10 < 6 then 'direct' else 'agency' end,
  case when n % 2 = 0 then 'EXT-' || n end, case when n % 5000 = 0 then c.at + interval '10 minutes' end, c.at, c.at
from generate_series(1, :bookings) n
cross join lateral (select '2023-01-01Z'::timestamptz + n * interval '94 seconds' as at) c
cross join lateral (select (c.at at time zone 'UTC')::date + n * 31 % 120 as arrival) d
join hotel h on h.no = n * 7919::bigint % 200;

-- Of every fifth booking, which leaves their table large enough to be planned for as if it had them all.
insert into booking_line (id, booking_id, line_no, room_type_id, rate_plan_id, state, arrival, departure, counted_until,
  hold_expires_at, adults, nights, taxes, terms, room_charge, total)
select b.id, b.id, 1, h.room_type_id, h.plan_id, state, arrival, departure,
  case when state = 'cancelled' then arrival else departure end, hold_expires_at, 2, '[]', '[]', '{}', 10000, 10000
from booking b join hotel h using (property_id) where right(code, 1) in ('0', '5', 'A');

insert into event (id, txid, booking_id, booking_seq, type, payload, at)
select id, row_number() over ()::text::xid8, id, 1, 'booking.confirmed', '{}', created_at
from booking where right(code, 1) = '0';

-- What can be sold, and for how much.

create table property (
  tenant_id uuid not null default app.tenant() references tenant (id),
  id uuid not null,
  name text not null,
  type text not null,
  active boolean not null default true,
  time_zone text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  city text not null,
  city_key text not null,
  country text,
  latitude double precision,
  longitude double precision,
  rating double precision,
  review_count integer not null default 0,
  amenities text[] not null default '{}',
  check_in_time text not null default '15:00',
  check_out_time text not null default '11:00',
  day_starts_at text not null default '04:00',
  taxes jsonb not null default '[]',
  -- The lowest price of any night on sale, kept by the rates; what lists filter and sort by.
  price_from bigint,
  external_ref text,
  created_at timestamptz not null,
  primary key (tenant_id, id)
);
create unique index property_external_ref on property (tenant_id, external_ref) where external_ref is not null;
create index property_active_city_type_price on property (tenant_id, city_key, type, price_from) where active;
create index property_active_place on property (tenant_id, latitude, longitude) where active;
call app.isolate('property');

create table room_type (
  tenant_id uuid not null default app.tenant(),
  id uuid not null,
  property_id uuid not null,
  name text not null,
  description text,
  max_adults integer not null,
  max_children integer not null,
  max_occupancy integer not null,
  -- What new nights start with when the horizon rolls on.
  physical_rooms integer not null check (physical_rooms >= 0),
  overbooking_limit integer not null default 0 check (overbooking_limit >= 0),
  -- Nights before this date have an inventory row.
  inventory_until date,
  active boolean not null default true,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, property_id) references property (tenant_id, id)
);
create index room_type_property on room_type (tenant_id, property_id);
call app.isolate('room_type');

create table room (
  tenant_id uuid not null default app.tenant(),
  id uuid not null,
  room_type_id uuid not null,
  property_id uuid not null,
  number text not null,
  active boolean not null default true,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, property_id, number),
  foreign key (tenant_id, property_id) references property (tenant_id, id),
  foreign key (tenant_id, room_type_id) references room_type (tenant_id, id)
);
create index room_room_type on room (tenant_id, room_type_id);
call app.isolate('room');

-- Promise 1: no night of a room type is counted beyond what there is. A night without a row is closed.
create table inventory_night (
  tenant_id uuid not null default app.tenant(),
  room_type_id uuid not null,
  night date not null,
  physical integer not null check (physical >= 0),
  overbooking integer not null default 0 check (overbooking >= 0),
  blocked integer not null default 0 check (blocked >= 0),
  held integer not null default 0 check (held >= 0),
  sold integer not null default 0 check (sold >= 0),
  primary key (tenant_id, room_type_id, night),
  foreign key (tenant_id, room_type_id) references room_type (tenant_id, id),
  constraint never_beyond_capacity check (held + sold + blocked <= physical + overbooking)
) with (fillfactor = 80);
call app.isolate('inventory_night');

create table rate_plan (
  tenant_id uuid not null default app.tenant(),
  id uuid not null,
  property_id uuid not null,
  code text not null,
  name text not null,
  active boolean not null default true,
  included_adults integer not null check (included_adults >= 1),
  extra_adult bigint not null check (extra_adult >= 0),
  child_prices jsonb not null default '[]',
  terms jsonb not null,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, property_id, code),
  foreign key (tenant_id, property_id) references property (tenant_id, id)
);
call app.isolate('rate_plan');

-- A night without a price is not for sale on that plan.
create table rate_night (
  tenant_id uuid not null default app.tenant(),
  room_type_id uuid not null,
  rate_plan_id uuid not null,
  night date not null,
  price bigint check (price >= 0),
  stop_sell boolean not null default false,
  closed_to_arrival boolean not null default false,
  closed_to_departure boolean not null default false,
  min_stay smallint check (min_stay >= 1),
  max_stay smallint check (max_stay >= 1),
  min_advance smallint check (min_advance >= 0),
  max_advance smallint check (max_advance >= 0),
  primary key (tenant_id, room_type_id, rate_plan_id, night),
  foreign key (tenant_id, room_type_id) references room_type (tenant_id, id),
  foreign key (tenant_id, rate_plan_id) references rate_plan (tenant_id, id)
);
create index rate_night_plan on rate_night (tenant_id, rate_plan_id, night);
call app.isolate('rate_night');

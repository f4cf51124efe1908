-- Who booked what, and the records every command leaves behind in its own transaction.

create table guest (
  tenant_id uuid not null default app.tenant() references tenant (id),
  id uuid not null,
  name text not null,
  name_key text collate "C" not null,
  email text,
  email_key text,
  phone text,
  phone_key text,
  country text,
  erased_at timestamptz,
  created_at timestamptz not null,
  primary key (tenant_id, id)
);
create index guest_email on guest (tenant_id, email_key) where email_key is not null;
create index guest_phone on guest (tenant_id, phone_key) where phone_key is not null;
create index guest_name on guest (tenant_id, name_key);
call app.isolate('guest');

-- The key under which this guest's personal data is sealed in audit entries and stored answers; without the row they are noise.
create table guest_key (
  tenant_id uuid not null default app.tenant(),
  guest_id uuid not null,
  wrapped_key bytea not null,
  primary key (tenant_id, guest_id),
  foreign key (tenant_id, guest_id) references guest (tenant_id, id)
);
call app.isolate('guest_key');

create table booking (
  tenant_id uuid not null default app.tenant(),
  id uuid not null,
  property_id uuid not null,
  booker_id uuid not null,
  user_id uuid,
  code text not null,
  state text not null,
  currency text not null,
  -- First arrival and last departure of its lines, kept for lists.
  arrival date not null,
  departure date not null,
  total bigint not null,
  channel text,
  country text,
  external_ref text,
  notes text,
  hold_expires_at timestamptz,
  version integer not null default 1,
  -- Promise 5: the last event's number, and the horizon no later event of this booking may fall behind.
  event_seq integer not null default 0,
  event_txid xid8 not null default '0',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, code),
  foreign key (tenant_id, property_id) references property (tenant_id, id),
  foreign key (tenant_id, booker_id) references guest (tenant_id, id),
  foreign key (tenant_id, user_id) references app_user (tenant_id, id),
  check (departure > arrival)
);
-- Lists are newest first, whatever they are of; all twelve indexes of this table cost 11 us a row more than seven did.
create index booking_created on booking (tenant_id, created_at desc, id desc);
create index booking_state on booking (tenant_id, state, created_at desc, id desc);
create index booking_channel on booking (tenant_id, channel, created_at desc, id desc) where channel is not null;
create index booking_property_created on booking (tenant_id, property_id, created_at desc, id desc);
create index booking_property on booking (tenant_id, property_id, arrival, departure);
create index booking_user on booking (tenant_id, user_id, state, arrival, departure) where user_id is not null;
create index booking_arrival on booking (tenant_id, arrival, departure);
-- The few that touch a date long after their arrival.
create index booking_long_stay on booking (tenant_id, arrival, departure) where departure - arrival > 31;
create statistics booking_nights on (departure - arrival) from booking;
create index booking_booker on booking (tenant_id, booker_id);
create index booking_external_ref on booking (tenant_id, external_ref) where external_ref is not null;
call app.isolate('booking');

create table booking_line (
  tenant_id uuid not null default app.tenant(),
  id uuid not null,
  booking_id uuid not null,
  line_no integer not null,
  room_type_id uuid not null,
  rate_plan_id uuid not null,
  state text not null check (state in
    ('held', 'confirmed', 'checked_in', 'checked_out', 'expired', 'cancelled', 'no_show')),
  arrival date not null,
  departure date not null,
  -- The nights [arrival, counted_until) count in the ledger: held while held, sold once confirmed.
  counted_until date not null,
  hold_expires_at timestamptz,
  adults integer not null check (adults >= 0),
  child_ages integer[] not null default '{}',
  -- Price, taxes and terms as sold: [{night, price, extras}], [{code, name, kind, included, amount}].
  nights jsonb not null,
  taxes jsonb not null,
  terms jsonb not null,
  room_charge bigint not null,
  total bigint not null,
  fee bigint not null default 0,
  primary key (tenant_id, id),
  unique (tenant_id, booking_id, line_no),
  foreign key (tenant_id, booking_id) references booking (tenant_id, id),
  foreign key (tenant_id, room_type_id) references room_type (tenant_id, id),
  foreign key (tenant_id, rate_plan_id) references rate_plan (tenant_id, id),
  check (departure > arrival),
  check (counted_until between arrival and departure),
  check (state not in ('expired', 'cancelled') or counted_until = arrival),
  check ((state = 'held') = (hold_expires_at is not null))
);
create index booking_line_held on booking_line (tenant_id, room_type_id, hold_expires_at) where state = 'held';
create index booking_line_hold_expiry on booking_line (tenant_id, hold_expires_at) where state = 'held';
create index booking_line_stay on booking_line (tenant_id, room_type_id, arrival, departure);
call app.isolate('booking_line');

-- Stays and blocks of a room, half-open; no two of one room overlap.
create table room_stay (
  tenant_id uuid not null default app.tenant(),
  id uuid not null,
  room_id uuid not null,
  room_type_id uuid not null,
  kind text not null check (kind in ('stay', 'out_of_order', 'house_use')),
  line_id uuid,
  during daterange not null check (not isempty(during)),
  note text,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, room_id) references room (tenant_id, id),
  foreign key (tenant_id, room_type_id) references room_type (tenant_id, id),
  foreign key (tenant_id, line_id) references booking_line (tenant_id, id),
  check ((kind = 'stay') = (line_id is not null)),
  constraint no_room_twice exclude using gist (tenant_id with =, room_id with =, during with &&)
);
create index room_stay_line on room_stay (tenant_id, line_id) where line_id is not null;
create index room_stay_room on room_stay (tenant_id, room_id);
call app.isolate('room_stay');

create table event (
  tenant_id uuid not null default app.tenant() references tenant (id),
  id uuid not null,
  -- Pages go by (txid, position) and stop below the oldest running transaction. txid is at least the writer's own and at
  -- least the booking's last, so a page never skips one that commits late, and a booking's events keep their order.
  txid xid8 not null,
  position bigint generated always as identity,
  booking_id uuid,
  booking_seq integer,
  type text not null,
  -- Of the payload's shape; what a type's payload holds is in features/events/catalogue.ts.
  version integer not null default 1,
  payload jsonb not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, booking_id, booking_seq),
  foreign key (tenant_id, booking_id) references booking (tenant_id, id)
);
create index event_page on event (tenant_id, txid, position);
call app.isolate('event');

create table idempotency_key (
  tenant_id uuid not null default app.tenant() references tenant (id),
  key text not null,
  procedure text not null,
  request_mac bytea not null,
  -- The answer's JSON; sealed under the guest's key where it holds personal data.
  answer bytea not null,
  guest_id uuid,
  expires_at timestamptz not null,
  primary key (tenant_id, key)
);
create index idempotency_key_expiry on idempotency_key (tenant_id, expires_at);
call app.isolate('idempotency_key');

create table audit_entry (
  tenant_id uuid not null default app.tenant() references tenant (id),
  id uuid not null,
  at timestamptz not null,
  actor_kind text not null,
  actor_id uuid,
  procedure text not null,
  entity text not null,
  entity_id uuid not null,
  before jsonb,
  after jsonb,
  -- Personal fields of before and after, sealed under the guest's key.
  sealed bytea,
  guest_id uuid,
  request_id text not null,
  primary key (tenant_id, id)
);
create index audit_entry_entity on audit_entry (tenant_id, entity, entity_id, at);
create index audit_entry_at on audit_entry (tenant_id, at desc, id desc);
call app.isolate('audit_entry');

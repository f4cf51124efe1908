-- Who is told of events, and how far each has been told.

-- How far a consumer has handled a tenant's events. Its row is locked while a batch is handled, by one worker at a time.
create table event_consumer (
  tenant_id uuid not null default app.tenant() references tenant (id),
  name text not null,
  txid xid8 not null default '0',
  position bigint not null default 0,
  -- How often the next event has failed, and until when it is left alone.
  failures integer not null default 0,
  retry_at timestamptz,
  primary key (tenant_id, name)
);
call app.isolate('event_consumer');

-- Events that a consumer could not handle; it went on without them.
create table event_set_aside (
  tenant_id uuid not null default app.tenant() references tenant (id),
  consumer text not null,
  event_id uuid not null,
  reason text not null,
  at timestamptz not null,
  primary key (tenant_id, consumer, event_id),
  foreign key (tenant_id, event_id) references event (tenant_id, id) on delete cascade
);
call app.isolate('event_set_aside');

-- The last event that was deleted because of its age: who stopped reading before it has missed some.
create table event_retention (
  tenant_id uuid not null default app.tenant() references tenant (id),
  txid xid8 not null,
  position bigint not null,
  primary key (tenant_id)
);
call app.isolate('event_retention');

-- The tenants that have events which the consumer has not handled and may handle now.
create function app.tenants_to_tell(p_consumer text, p_now timestamptz) returns setof uuid
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select t.id from public.tenant t
    left join public.event_consumer c on c.tenant_id = t.id and c.name = p_consumer
    where (c.retry_at is null or c.retry_at <= p_now) and exists (
      select from public.event e
      where e.tenant_id = t.id and e.txid >= coalesce(c.txid, '0')
        and (e.txid > coalesce(c.txid, '0') or e.position > coalesce(c.position, 0)));
  end;
revoke execute on function app.tenants_to_tell(text, timestamptz) from public;
grant execute on function app.tenants_to_tell(text, timestamptz) to innkeeper_app;
create policy before_tenant on event for select to current_user using (true);
create policy before_tenant on event_consumer for select to current_user using (true);

create table webhook_endpoint (
  tenant_id uuid not null default app.tenant() references tenant (id),
  id uuid not null,
  url text not null,
  description text,
  -- Types of events that it gets; null for all.
  event_types text[],
  -- Sealed under a key derived from DATA_KEY. The one before stays good for a while after a rotation.
  secret bytea not null,
  previous_secret bytea,
  previous_secret_until timestamptz,
  active boolean not null default true,
  -- Why it gets nothing more, when it was not its owner who switched it off.
  disabled_reason text,
  -- Since when nothing has reached it; null once something has.
  failing_since timestamptz,
  -- The worker that delivers to it, for as long as it says so by the machine's time, also where the clock stands.
  leased_by uuid,
  leased_until timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- Gone for everyone since then; the row stays until maintenance has deleted the log of its deliveries.
  removed_at timestamptz,
  primary key (tenant_id, id),
  check (removed_at is null or not active)
);
call app.isolate('webhook_endpoint');

-- One event for one endpoint. A booking's events reach an endpoint one after the other: while one is pending the later ones
-- wait at infinity, so that the index of what is due holds nothing that may not be sent. Whoever adds deliveries or ends
-- some has the endpoint locked, and then calls app.line_up_deliveries().
create table webhook_delivery (
  tenant_id uuid not null default app.tenant(),
  id uuid not null,
  endpoint_id uuid not null,
  event_id uuid not null,
  booking_id uuid,
  txid xid8 not null,
  position bigint not null,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'dead')),
  -- Tried that often since it became pending.
  tries integer not null default 0,
  next_try_at timestamptz not null,
  -- Newest last: [{at, milliseconds, status, error, answer}].
  attempts jsonb not null default '[]',
  created_at timestamptz not null,
  finished_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, endpoint_id, event_id),
  foreign key (tenant_id, endpoint_id) references webhook_endpoint (tenant_id, id),
  foreign key (tenant_id, event_id) references event (tenant_id, id) on delete cascade
);
create index webhook_delivery_due on webhook_delivery (tenant_id, endpoint_id, next_try_at) where state = 'pending';
create index webhook_delivery_order on webhook_delivery (tenant_id, endpoint_id, booking_id, txid, position)
  where state = 'pending';
create index webhook_delivery_event on webhook_delivery (tenant_id, event_id);
create index webhook_delivery_log on webhook_delivery (tenant_id, endpoint_id, id desc);
call app.isolate('webhook_delivery');

-- Of each booking's pending deliveries to an endpoint (parallel arrays), lets the first be due and the others wait.
create function app.line_up_deliveries(p_endpoints uuid[], p_bookings uuid[], p_now timestamptz) returns void
  language sql volatile
  begin atomic
    update public.webhook_delivery d
    set next_try_at = case when o.place = 1 then p_now else 'infinity' end
    from (
      select w.id, row_number() over (partition by w.endpoint_id, w.booking_id order by w.txid, w.position) as place
      from (select distinct endpoint_id, booking_id from unnest(p_endpoints, p_bookings) as k (endpoint_id, booking_id)) k
      join public.webhook_delivery w on w.tenant_id = app.tenant() and w.endpoint_id = k.endpoint_id
        and w.booking_id = k.booking_id and w.state = 'pending'
    ) o
    where d.tenant_id = app.tenant() and d.id = o.id
      and case when o.place = 1 then d.next_try_at = 'infinity' else d.next_try_at < 'infinity' end;
  end;

-- The endpoints that have something to be delivered now and that no other worker is at by the machine's time.
create function app.endpoints_to_serve(p_worker uuid, p_now timestamptz, p_machine_now timestamptz)
  returns table (tenant_id uuid, endpoint_id uuid)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select e.tenant_id, e.id from public.webhook_endpoint e
    where e.active and (e.leased_until is null or e.leased_until <= p_machine_now or e.leased_by = p_worker) and exists (
      select from public.webhook_delivery d
      where d.tenant_id = e.tenant_id and d.endpoint_id = e.id and d.state = 'pending' and d.next_try_at <= p_now);
  end;
revoke execute on function app.endpoints_to_serve(uuid, timestamptz, timestamptz) from public;
grant execute on function app.endpoints_to_serve(uuid, timestamptz, timestamptz) to innkeeper_app;
create policy before_tenant on webhook_endpoint for select to current_user using (true);
create policy before_tenant on webhook_delivery for select to current_user using (true);

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

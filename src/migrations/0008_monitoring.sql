-- What is watched beside requests, for all tenants at once: no row of any tenant leaves, only counts.

-- The trace that an event was written in, as a W3C traceparent; its delivery goes on with it. Null where none was recorded.
alter table event add column trace_parent text;
alter table event alter column trace_parent set default nullif(current_setting('app.trace_parent', true), '');

-- As before; each booking's event has the trace of its own call, since calls share transactions.
create or replace function app.add_bookings(p_rows jsonb, p_now timestamptz) returns void
  language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  insert into guest select * from jsonb_populate_recordset(null::guest, p_rows -> 'guests');
  insert into guest_key select * from jsonb_populate_recordset(null::guest_key, p_rows -> 'guest_keys');
  insert into booking
  select b.*
  from jsonb_array_elements(p_rows -> 'bookings') as k (fields),
    jsonb_populate_record(null::booking,
      k.fields || jsonb_build_object('event_seq', 1, 'event_txid', pg_current_xact_id()::text)) b;
  insert into booking_line select * from jsonb_populate_recordset(null::booking_line, p_rows -> 'lines');
  insert into event (id, txid, booking_id, booking_seq, type, payload, at, trace_parent)
  select app.uuid_v7(p_now), pg_current_xact_id(), e.booking_id, 1, e.type, f.facts || e.payload, p_now, e.trace_parent
  from jsonb_to_recordset(p_rows -> 'events') as e (booking_id uuid, type text, payload jsonb, trace_parent text)
  join app.booking_facts(array(select (k.event ->> 'booking_id')::uuid
    from jsonb_array_elements(p_rows -> 'events') as k (event))) f on f.booking_id = e.booking_id;
end $$;

-- How the last check of the ledger ended.
create table ledger_check (
  -- There is one row.
  is_last boolean primary key default true check (is_last),
  at timestamptz not null,
  faults integer not null
);
revoke all on ledger_check from innkeeper_app;

create function app.note_ledger_check(p_at timestamptz, p_faults integer) returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  begin atomic
    insert into public.ledger_check (at, faults) values (p_at, p_faults)
    on conflict (is_last) do update set at = excluded.at, faults = excluded.faults;
  end;
revoke execute on function app.note_ledger_check(timestamptz, integer) from public;
grant execute on function app.note_ledger_check(timestamptz, integer) to innkeeper_app;

-- Bookings on hold, tenant by tenant as each tenant sees them; which tenant is asked is as before afterwards.
create function app.count_holds(p_now timestamptz) returns table (live integer, expired integer, oldest timestamptz)
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  v_before text := current_setting('app.tenant', true);
  v_tenant uuid;
  v_one record;
begin
  live := 0;
  expired := 0;
  for v_tenant in select app.tenant_ids() loop
    perform set_config('app.tenant', v_tenant::text, true);
    select count(*) filter (where b.hold_expires_at > p_now)::integer as live,
      count(*) filter (where b.hold_expires_at <= p_now)::integer as expired,
      min(b.hold_expires_at) filter (where b.hold_expires_at <= p_now) as oldest
    into v_one from public.booking b where b.tenant_id = v_tenant and b.state = 'held';
    live := live + v_one.live;
    expired := expired + v_one.expired;
    oldest := least(oldest, v_one.oldest);
  end loop;
  perform set_config('app.tenant', coalesce(v_before, ''), true);
  return next;
end $$;
revoke execute on function app.count_holds(timestamptz) from public;
grant execute on function app.count_holds(timestamptz) to innkeeper_app;

-- Holds, events that p_consumers have yet to handle, webhook deliveries that could be sent, each with the oldest by p_now, and the last
-- check of the ledger.
create function app.monitored_counts(p_now timestamptz, p_consumers text[])
  returns table (holds_live integer, holds_expired integer, oldest_hold timestamptz, outbox_pending integer,
    oldest_event timestamptz, deliveries_due integer, oldest_delivery timestamptz, endpoints_failing integer, ledger_faults integer,
    ledger_checked_at timestamptz)
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  begin atomic
    with hold as (
      select live, expired, oldest from app.count_holds(p_now)
    ), untold as (
      select count(*)::integer as pending, min(n.at) as oldest
      from public.tenant t
      cross join unnest(p_consumers) as k (name)
      left join public.event_consumer c on c.tenant_id = t.id and c.name = k.name
      cross join lateral (
        select e.at from public.event e
        where e.tenant_id = t.id and e.txid >= coalesce(c.txid, '0')
          and (e.txid > coalesce(c.txid, '0') or e.position > coalesce(c.position, 0))
        order by e.txid, e.position limit 1
      ) n
    ), due as (
      select count(*)::integer as deliveries, min(d.next_try_at) as oldest
      from public.webhook_endpoint p
      join public.webhook_delivery d on d.tenant_id = p.tenant_id and d.endpoint_id = p.id
      where p.active and d.state = 'pending' and d.next_try_at <= p_now
    ), failing as (
      select count(*)::integer as endpoints from public.webhook_endpoint p
      where p.removed_at is null and (p.failing_since is not null or p.disabled_reason is not null)
    )
    select hold.live, hold.expired, hold.oldest, untold.pending, untold.oldest, due.deliveries, due.oldest, failing.endpoints,
      l.faults, l.at
    from hold cross join untold cross join due cross join failing left join public.ledger_check l on true;
  end;
revoke execute on function app.monitored_counts(timestamptz, text[]) from public;
grant execute on function app.monitored_counts(timestamptz, text[]) to innkeeper_app;

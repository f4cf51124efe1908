-- Tenants, who may act for them, and the two things every later table builds on:
-- app.tenant() names the tenant of this transaction or message, app.isolate() puts a table under row-level security.

create schema app;
create schema extensions;
create extension btree_gist schema extensions;
grant usage on schema app to innkeeper_app;
grant usage on schema extensions to innkeeper_app;
-- The server compares it with its own list to know whether it is ready.
grant select on migration to innkeeper_app;

-- '' is what a setting reads as after the transaction that set it, so it means no tenant, too.
create function app.tenant() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('app.tenant', true), '')::uuid;

-- Forced, so that the table's owner is held to it as well.
create procedure app.isolate(target regclass, tenant_column text default 'tenant_id')
  language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy tenant_isolation on %s using (%I = app.tenant()) with check (%I = app.tenant())',
    target, tenant_column, tenant_column);
  execute format('grant select, insert, update, delete on %s to innkeeper_app', target);
end $$;

-- RFC 9562 version 7 from a given instant; PostgreSQL has its own only from 18 on.
create function app.uuid_v7(at timestamptz) returns uuid
  language sql volatile parallel safe
  return encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from at) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1), 'hex')::uuid;

-- An instant as it stands on the wire: ISO 8601 in UTC with milliseconds.
create function app.iso(at timestamptz) returns text
  language sql stable parallel safe
  return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

create table tenant (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text not null,
  created_at timestamptz not null
);
call app.isolate('tenant', 'id');

create table app_user (
  tenant_id uuid not null default app.tenant() references tenant (id),
  id uuid not null,
  email text not null,
  email_key text not null,
  phone text,
  phone_key text,
  name text not null,
  role text not null,
  password_hash text not null,
  active boolean not null default true,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, email_key)
);
create index app_user_phone on app_user (tenant_id, phone_key) where phone_key is not null;
call app.isolate('app_user');

create table session (
  tenant_id uuid not null default app.tenant(),
  id uuid not null,
  user_id uuid not null,
  -- A refresh token names its family, the session, beside its own secret: with the right family and any secret but the
  -- last it was replaced before, so it was copied, and the session ends.
  family_hash bytea not null unique,
  refresh_hash bytea not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references app_user (tenant_id, id)
);
create index session_user_idx on session (tenant_id, user_id);
call app.isolate('session');

create table api_key (
  tenant_id uuid not null default app.tenant() references tenant (id),
  id uuid not null,
  name text not null,
  kind text not null check (kind in ('secret', 'publishable')),
  prefix text not null unique,
  secret_hash bytea not null,
  permissions text[] not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null,
  primary key (tenant_id, id)
);
call app.isolate('api_key');

create table sign_in_attempt (
  key bytea primary key,
  attempts integer not null,
  window_ends_at timestamptz not null
);
create index sign_in_attempt_window on sign_in_attempt (window_ends_at);

-- What must work before a tenant is known. These run as the owner, who may read just these four tables across tenants.
create policy before_tenant on tenant for select to current_user using (true);
create policy before_tenant on app_user for select to current_user using (true);
create policy before_tenant on session for select to current_user using (true);
create policy before_tenant on api_key for select to current_user using (true);

create function app.find_api_key(p_prefix text)
  returns table (tenant_id uuid, id uuid, kind text, secret_hash bytea, permissions text[],
                 expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select k.tenant_id, k.id, k.kind, k.secret_hash, k.permissions, k.expires_at, k.revoked_at, k.last_used_at
    from public.api_key k where k.prefix = p_prefix;
  end;

create function app.find_user(p_tenant_slug text, p_email_key text)
  returns table (tenant_id uuid, id uuid, role text, password_hash text, active boolean)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select u.tenant_id, u.id, u.role, u.password_hash, u.active
    from public.tenant t join public.app_user u on u.tenant_id = t.id
    where t.slug = p_tenant_slug and u.email_key = p_email_key;
  end;

create function app.find_session(p_family_hash bytea)
  returns table (tenant_id uuid, id uuid, user_id uuid)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select s.tenant_id, s.id, s.user_id from public.session s where s.family_hash = p_family_hash;
  end;

create function app.tenant_ids() returns setof uuid
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select id from public.tenant order by id;
  end;

-- Counts one attempt against p_key, answers how many its window has seen and when that ends, and tidies up a few windows
-- that are over. The table itself is closed to the app's role.
create function app.count_sign_in_attempt(p_key bytea, p_now timestamptz, p_window interval)
  returns table (attempts integer, window_ends_at timestamptz)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  insert into public.sign_in_attempt as a (key, attempts, window_ends_at)
  values (p_key, 1, p_now + p_window)
  on conflict (key) do update set
    attempts = case when a.window_ends_at <= p_now then 1 else a.attempts + 1 end,
    window_ends_at = case when a.window_ends_at <= p_now then excluded.window_ends_at else a.window_ends_at end;

  delete from public.sign_in_attempt where key in (
    select key from public.sign_in_attempt where window_ends_at <= p_now
    order by window_ends_at limit 10 for update skip locked);

  return query select attempts, window_ends_at from public.sign_in_attempt where key = p_key;
end $$;

-- A sign-in that succeeded: the account's count starts anew, the address gets this attempt back.
create function app.forgive_sign_in_attempts(p_account bytea, p_address bytea) returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  begin atomic
    delete from public.sign_in_attempt where key = p_account;
    update public.sign_in_attempt set attempts = attempts - 1 where key = p_address and attempts > 0;
  end;

revoke execute on function
  app.find_api_key(text), app.find_user(text, text), app.find_session(bytea), app.tenant_ids(),
  app.count_sign_in_attempt(bytea, timestamptz, interval), app.forgive_sign_in_attempts(bytea, bytea) from public;
grant execute on function
  app.find_api_key(text), app.find_user(text, text), app.find_session(bytea), app.tenant_ids(),
  app.count_sign_in_attempt(bytea, timestamptz, interval), app.forgive_sign_in_attempts(bytea, bytea) to innkeeper_app;

-- What was asked for most of what may be kept, so that a process that starts knows what to fill first. `score` is the logarithm to
-- base 2 of a count that halves every six hours, plus those half-lives since 1970: it needs no clock to be compared. Inputs are what end
-- users typed, so only those are here that were asked for at several moments, none has a position, and what nobody asks for goes away.
create table asked_answer (
  tenant_id uuid not null default app.tenant() references tenant (id),
  digest text not null,
  type text not null,
  path text not null,
  input text not null,
  score double precision not null,
  primary key (tenant_id, digest)
);
call app.isolate('asked_answer');
create index asked_answer_by_score on asked_answer (score desc);

-- The most asked for of some tenants, or of all.
create function app.most_asked(p_most integer, p_tenants uuid[])
  returns table (tenant_id uuid, type text, path text, input text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select a.tenant_id, a.type, a.path, a.input from public.asked_answer a
    where p_tenants is null or a.tenant_id = any (p_tenants) order by a.score desc limit p_most;
  end;
revoke execute on function app.most_asked(integer, uuid[]) from public;
grant execute on function app.most_asked(integer, uuid[]) to innkeeper_app;
create policy before_tenant on asked_answer for select to current_user using (true);

-- Planner statistics of one table of the application, so that a run over several holds no lock for longer than one takes.
-- As the owner, since ANALYZE is for owners only before PostgreSQL 17; a name that is none of its tables is refused.
create function app.analyze_table(p_table text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_table regclass;
begin
  select c.oid into strict v_table from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname = p_table;
  execute format('analyze %s', v_table);
end $$;
revoke execute on function app.analyze_table(text) from public;
grant execute on function app.analyze_table(text) to innkeeper_app;

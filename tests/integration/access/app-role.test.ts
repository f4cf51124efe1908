import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256 } from '../../../src/features/access/secrets.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { asSuperuser, onConnection } from '../../support/superuser.ts';
import { hire, signIn } from './staff.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/** Reviewed: what each may tell or do without a tenant stands beside it in the migration. A new one needs a review. */
const REVIEWED = [
  'app.analyze_table(text)',
  'app.analyze_tables()',
  'app.count_sign_in_attempt(bytea,timestamp with time zone,interval)',
  'app.endpoints_to_serve(uuid,timestamp with time zone,timestamp with time zone)',
  'app.find_api_key(text)',
  'app.find_session(bytea)',
  'app.find_user(text,text)',
  'app.forgive_sign_in_attempts(bytea,bytea)',
  'app.monitored_counts(timestamp with time zone,text[])',
  'app.most_asked(integer,uuid[])',
  'app.note_ledger_check(timestamp with time zone,integer)',
  'app.tenant_ids()',
  'app.tenants_to_tell(text,timestamp with time zone)',
];

test('the app’s role is held to row-level security: no superuser, no bypass, no owner, no way to become one', async () => {
  const [role] = await asSuperuser(
    app.database,
    `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
       pg_has_role('innkeeper_app', 'innkeeper_owner', 'member') as "memberOfOwner",
       (select count(*)::int from pg_auth_members where member = r.oid) as memberships,
       (select count(*)::int from pg_class where relowner = r.oid) as relations,
       (select count(*)::int from pg_proc where proowner = r.oid) as functions,
       (select count(*)::int from pg_namespace where nspowner = r.oid) as schemas,
       has_schema_privilege(r.oid, 'public', 'create') or has_schema_privilege(r.oid, 'app', 'create') as "mayCreate"
     from pg_roles r where rolname = 'innkeeper_app'`,
  );
  expect(role).toEqual({
    rolsuper: false,
    rolbypassrls: false,
    rolcreaterole: false,
    rolcreatedb: false,
    rolreplication: false,
    memberOfOwner: false,
    memberships: 0,
    relations: 0,
    functions: 0,
    schemas: 0,
    mayCreate: false,
  });
});

test('the app’s role may read and write rows, and nothing that row-level security does not see', async () => {
  const granted = await asSuperuser<{ table: string; privileges: string[] }>(
    app.database,
    `select c.relname as table, array(
       select p from unnest('{select,insert,update,delete,truncate,references,trigger}'::text[]) p
       where has_table_privilege('innkeeper_app', c.oid, p)) as privileges
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') order by 1`,
  );
  for (const { table, privileges } of granted) {
    const expected = { migration: ['select'], sign_in_attempt: [], ledger_check: [] }[table] ?? [
      'select',
      'insert',
      'update',
      'delete',
    ];
    expect({ table, privileges }).toEqual({ table, privileges: expected });
  }
});

test('the app’s role cannot read the counters of sign-in attempts', async () => {
  await expect(onConnection(app.database.primaryUrl, 'select * from sign_in_attempt')).rejects.toMatchObject({
    code: '42501',
  });
});

test('exactly the reviewed functions run with their owner’s rights, on a fixed search path, and are not public', async () => {
  const functions = await asSuperuser<{
    signature: string;
    path: string[];
    owner: string;
    open: boolean;
    app: boolean;
  }>(
    app.database,
    `select p.oid::regprocedure::text as signature, p.proconfig as path, pg_get_userbyid(p.proowner) as owner,
       p.proacl is null or exists (select from aclexplode(p.proacl) where grantee = 0) as open,
       has_function_privilege('innkeeper_app', p.oid, 'execute') as app
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema') order by 1`,
  );
  expect(functions).toEqual(
    REVIEWED.map((signature) => ({
      signature,
      path: ['search_path=pg_catalog, pg_temp'],
      owner: 'innkeeper_owner',
      open: false,
      app: true,
    })),
  );
});

test('what goes through all tenants is not public either', async () => {
  const [counting] = await asSuperuser<{ open: boolean; app: boolean }>(
    app.database,
    `select p.proacl is null or exists (select from aclexplode(p.proacl) where grantee = 0) as open,
       has_function_privilege('innkeeper_app', p.oid, 'execute') as app
     from pg_proc p where p.oid = 'app.count_holds(timestamptz)'::regprocedure`,
  );
  expect(counting).toEqual({ open: false, app: true });
});

test('they answer without a tenant, and only to who knows what to ask for', async () => {
  const tenant = await app.tenant('seaside');
  const { tenantId, ownerKey } = tenant;
  const { id } = await hire(tenant, 'ann');
  const { refreshToken } = await signIn(app, 'seaside', 'ann');
  const ask = (text: string, values: unknown[]) => onConnection(app.database.primaryUrl, text, values);

  expect(await ask('select tenant_id from app.find_api_key($1)', [ownerKey.split('_')[1]])).toEqual([
    { tenant_id: tenantId },
  ]);
  expect(await ask('select id from app.find_user($1, $2)', ['seaside', 'ann@example.com'])).toEqual([{ id }]);
  const family = sha256(refreshToken.slice(3, 25));
  expect(await ask('select user_id from app.find_session($1)', [family])).toEqual([{ user_id: id }]);
  expect(await ask('select * from app.tenant_ids()', [])).toEqual([{ tenant_ids: tenantId }]);

  expect(await ask('select * from app.find_api_key($1)', ['%'])).toEqual([]);
  expect(await ask('select * from app.find_user($1, $2)', ['seaside', '%'])).toEqual([]);
  expect(await ask('select * from app.find_session($1)', [Buffer.alloc(32)])).toEqual([]);
});

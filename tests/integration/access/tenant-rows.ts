import pg from 'pg';
import type { TestDatabase } from '../../support/postgres.ts';
import { asSuperuser, superuserUrl } from '../../support/superuser.ts';

/** Two tenants whose every id, in every table, is the tenant's own: so each row finds what its foreign keys name. */
export const A = 'aaaaaaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa';
export const B = 'bbbbbbbb-bbbb-7bbb-8bbb-bbbbbbbbbbbb';

export interface Table {
  name: string;
  /** `id` of the table of tenants itself. */
  tenantColumn: string;
  columns: { name: string; type: string; needed: boolean }[];
}

/** All tables of the schema from the catalog, so that none can be forgotten; columns without the generated ones. */
export const allTables = (database: TestDatabase): Promise<Table[]> =>
  asSuperuser<Table & pg.QueryResultRow>(
    database,
    `select c.relname as name, case c.relname when 'tenant' then 'id' else 'tenant_id' end as "tenantColumn",
       jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, null),
         'needed', a.attnotnull and not a.atthasdef) order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and a.attidentity = '' and a.attgenerated = ''
     group by c.relname order by c.relname`,
  );

const BY_TYPE: Record<string, string> = {
  'text[]': '{}',
  'integer[]': '{}',
  smallint: '1',
  integer: '1',
  bigint: '1',
  'double precision': '1',
  boolean: 'true',
  date: '2026-05-01',
  daterange: '[2026-05-01,2026-05-02)',
  'timestamp with time zone': '2026-03-02T12:00:00Z',
  jsonb: '[]',
  xid8: '1',
};

/** Where a CHECK wants more than the type does. */
const BY_COLUMN: Record<string, string> = {
  'api_key.kind': 'secret',
  'booking.departure': '2026-05-02',
  'booking_line.departure': '2026-05-02',
  'booking_line.state': 'confirmed',
  'property.currency': 'EUR',
  'room_stay.kind': 'stay',
};

const fillFor = (table: Table, { name, type }: Table['columns'][number], tenant: string): string | Buffer => {
  if (type === 'uuid') return tenant;
  const letter = tenant.slice(0, 1);
  if (type === 'bytea') return Buffer.from(letter);
  const value = BY_COLUMN[`${table.name}.${name}`] ?? (type === 'text' ? letter : BY_TYPE[type]);
  if (value === undefined) throw new Error(`say in tenant-rows.ts what ${table.name}.${name} (${type}) may hold`);
  return value;
};

/** The least that a row of this tenant needs: what has no default, and all its ids. */
export const rowOf = (table: Table, tenant: string): { columns: string[]; values: (string | Buffer)[] } => {
  const filled = table.columns.filter(({ type, needed }) => needed || type === 'uuid');
  return {
    columns: filled.map(({ name }) => name),
    values: filled.map((column) => fillFor(table, column, tenant)),
  };
};

/** Gives both tenants one row in each of these tables, as the superuser and in any order. */
export const fillForBoth = async (database: TestDatabase, tables: Table[]): Promise<void> => {
  const admin = new pg.Client({ connectionString: superuserUrl(database) });
  await admin.connect();
  try {
    // Foreign keys are looked at by triggers, which this switches off: they hold once all rows are there.
    await admin.query('set session_replication_role = replica');
    for (const table of tables) {
      for (const tenant of [A, B]) {
        const { columns, values } = rowOf(table, tenant);
        const names = columns.map((name) => pg.escapeIdentifier(name)).join(', ');
        const places = values.map((_, i) => `$${i + 1}`).join(', ');
        await admin.query(`insert into ${pg.escapeIdentifier(table.name)} (${names}) values (${places})`, values);
      }
    }
  } finally {
    await admin.end();
  }
};

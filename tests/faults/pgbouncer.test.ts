import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { serverIdentity } from '../../src/embedded/identity.ts';
import { freePort } from '../../src/embedded/ports.ts';
import { startApp, testMigrate } from '../support/app.ts';
import { createHotel, createProperty } from '../support/hotel.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { asked, stay } from '../support/stays.ts';
import { runProgram } from './servers.ts';

/** Debian's PgBouncer in transaction mode before both servers, with two connections to each; answers the URLs through it. */
const startPgBouncer = async (database: TestDatabase) => {
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-pgbouncer-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const primary = new URL(database.primaryUrl);
  const standby = new URL(database.replicaUrls[0] ?? '');
  const port = await freePort(0);
  const entry = (name: string, url: URL) =>
    `${name} = host=127.0.0.1 port=${url.port} dbname=${url.pathname.slice(1)} user=${url.username} password=${url.password}`;
  await writeFile(join(folder, 'users'), `"${primary.username}" "${primary.password}"\n`);
  await writeFile(
    join(folder, 'pgbouncer.ini'),
    `[databases]
${entry('primary', primary)}
${entry('standby', standby)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${join(folder, 'users')}
pool_mode = transaction
default_pool_size = 2
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
`,
  );
  const identity = await serverIdentity(inject('runFolder'));
  if (identity) await chown(folder, identity.uid, identity.gid);
  const program = await runProgram('pgbouncer', [join(folder, 'pgbouncer.ini')], identity);
  onTestFinished(program.stop);
  const through = (name: string) => `postgresql://${primary.username}@127.0.0.1:${port}/${name}`;
  await vi.waitUntil(
    async () => {
      const client = new pg.Client({ connectionString: through('primary') });
      return client.connect().then(
        () => client.end().then(() => true),
        () => false,
      );
    },
    { timeout: 10_000 },
  );
  return { primaryUrl: through('primary'), replicaUrls: [through('standby')] };
};

test('behind PgBouncer in transaction mode, tenants share two connections and never see each other’s rows', async () => {
  const database = await createDatabase(testMigrate);
  onTestFinished(database.drop);
  const pooled = await startPgBouncer(database);
  const app = await startApp({
    database: { ...database, ...pooled },
    settings: {
      DATABASE_POOLER: 'true',
      DATABASE_MIGRATION_URL: database.ownerUrl,
      CACHE_MB: '0',
      DATABASE_POOL_SIZE: '20',
    },
  });
  try {
    const tenants = await Promise.all(['one', 'two', 'three'].map((slug) => app.tenant(slug)));
    const hotels = await Promise.all(tenants.map(({ client }) => createHotel(client, { physicalRooms: 100 })));
    await Promise.all(
      tenants.flatMap(({ client }, index) =>
        Array.from({ length: 10 }, async (_, number) => {
          const hotel = hotels[index];
          if (!hotel) throw new Error('no hotel');
          await client.bookings.create.mutate(asked(stay(hotel, '2026-05-01', '2026-05-03')));
          await createProperty(client, { name: `Tenant ${index} property ${number}` });
        }),
      ),
    );
    const seen = await Promise.all(
      tenants.map(async ({ client }) => {
        const [properties, bookings] = await Promise.all([
          client.properties.list.query({ limit: 100 }),
          client.bookings.list.query({ limit: 100 }),
        ]);
        return { names: properties.items.map(({ name }) => name), bookings: bookings.items.length };
      }),
    );
    seen.forEach(({ names, bookings }, index) => {
      expect(bookings).toBe(10);
      expect(names.filter((name) => name.startsWith(`Tenant ${index} `))).toHaveLength(10);
      expect(names).toHaveLength(11);
    });
  } finally {
    await app.close();
  }
});

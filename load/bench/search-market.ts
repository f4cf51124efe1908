import pg from 'pg';
import { z } from 'zod';
import { importSample, SAMPLE_FILES } from '../../src/cli/import/sample.ts';
import { compose } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { readPrivateFile, startEmbedded, writePrivateFile } from '../../src/embedded/index.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { operatorOf } from '../../src/kernel/principal.ts';
import { migrationsList } from '../../src/migrations/index.ts';
import { migrateUp } from '../../src/platform/db/migrator.ts';
import { newScope } from '../../src/platform/db/scope.ts';
import { databasePidOf } from './database-pid.ts';

export interface Market {
  /** The application's settings for this database. */
  settings: Record<string, string>;
  /** Of a role that row-level security does not bind, and a connection of it. */
  adminUrl: string;
  admin: pg.Client;
  /** Of the database's main process; the others are its children. */
  databasePid: number;
  antwerp: MarketTenant;
  europe: MarketTenant;
}

export interface MarketTenant {
  tenantId: string;
  ownerKey: string;
}

const KEYS_FILE = 'market-keys.json';
const tenant = z.object({ tenantId: z.string(), ownerKey: z.string() });
const keysFile = z.object({ antwerp: tenant, europe: tenant });

const SERVER = { shared_buffers: '1GB', max_wal_size: '16GB', checkpoint_timeout: '30min' };

/**
 * A database in `dataDir` with two tenants: the sample's listings of Antwerp, and so many generated properties. One that is there
 * is used again, and added to. `opened` stops it.
 */
export const openMarket = async (
  opened: AsyncDisposableStack,
  dataDir: string,
  properties: number,
): Promise<Market> => {
  const servers = await startEmbedded({ dataDir, standby: false, durable: false, settings: SERVER, log: () => {} });
  opened.defer(servers.stop);
  const { ownerUrl, primaryUrl } = servers;
  await migrateUp({ ownerUrl, role: 'innkeeper_app', migrations: migrationsList(), lockTimeoutMs: 10_000 });
  const settings = {
    DATABASE_URL: primaryUrl,
    DATA_KEY: 'data-key-of-the-benchmark-0123456789ab',
    AUTH_SECRET: 'auth-secret-of-the-benchmark-012345678',
  };
  const application = await compose(readConfig({ ...settings, LOG_LEVEL: 'silent', SEARCH_INDEX: 'false' }), {
    clock: systemClock,
  });
  const adminUrl = String(Object.assign(new URL(servers.adminUrl), { pathname: new URL(ownerUrl).pathname }));
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  opened.defer(() => admin.end());

  const tenants = async () => {
    const kept = await readPrivateFile(dataDir, KEYS_FILE);
    if (kept) return keysFile.parse(kept);
    const made = {
      antwerp: await application.access.bootstrapTenant({ slug: 'antwerp', name: 'Antwerp' }),
      europe: await application.access.bootstrapTenant({ slug: 'europe', name: 'Europe' }),
    };
    await writePrivateFile(dataDir, KEYS_FILE, made);
    return made;
  };
  const { antwerp, europe } = await tenants();
  await importSample({ application, tenantId: antwerp.tenantId });
  const { made } = await application.imports.generate(
    { principal: operatorOf(europe.tenantId), scope: newScope(europe.tenantId), requestId: 'benchmark' },
    { files: SAMPLE_FILES, properties, seed: 1 },
  );
  await application.close();
  if (made > 0) await admin.query('vacuum analyze');
  return { settings, adminUrl, admin, databasePid: databasePidOf(dataDir), antwerp, europe };
};

import { sql } from 'kysely';
import { z } from 'zod';
import type { Application } from '../compose.ts';
import { readPrivateFile, writePrivateFile } from '../embedded/index.ts';
import { randomIds } from '../kernel/ids.ts';
import { PUBLISHABLE_PERMISSIONS } from '../kernel/permissions.ts';
import { newScope } from '../platform/db/scope.ts';
import { callAsOperator } from './operator.ts';

const demoSchema = z.object({
  tenant: z.string(),
  tenantId: z.string(),
  ownerKey: z.string(),
  publishableKey: z.string(),
});

/** The tenant that an empty database gets for trying things out, and its keys. */
export type DemoTenant = z.infer<typeof demoSchema>;

export const KEYS_FILE = 'keys.json';

const hasTenants = async ({ database }: Application): Promise<boolean> => {
  const { rows } = await database.read(newScope(null), 'primary', (db) =>
    sql`select from app.tenant_ids() limit 1`.execute(db),
  );
  return rows.length > 0;
};

const makeDemo = async (application: Application): Promise<DemoTenant> => {
  const tenant = 'demo';
  const { tenantId, ownerKey } = await application.access.bootstrapTenant({ slug: tenant, name: 'Demo' });
  const operator = await callAsOperator(application, tenantId);
  const publishable = await operator.apiKeys.create({
    name: 'Web pages',
    kind: 'publishable',
    permissions: [...PUBLISHABLE_PERMISSIONS],
    idempotencyKey: randomIds.uuid(),
  });
  if (publishable.secret === null) throw new Error('the answer to the first call has the key');
  return { tenant, tenantId, ownerKey, publishableKey: publishable.secret };
};

/**
 * Makes the tenant `demo` in a database that has none; null when it has others. Its keys, of which the database keeps
 * hashes only, stay readable in the embedded database's folder, so that later starts can show them again.
 */
export const openDemoTenant = async (application: Application, dataDir: string | null): Promise<DemoTenant | null> => {
  if (await hasTenants(application)) {
    const kept = dataDir === null ? undefined : await readPrivateFile(dataDir, KEYS_FILE);
    return kept === undefined ? null : demoSchema.parse(kept);
  }
  const demo = await makeDemo(application);
  if (dataDir !== null) await writePrivateFile(dataDir, KEYS_FILE, demo);
  return demo;
};

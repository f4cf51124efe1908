import { sql } from 'kysely';
import { AppError, invalid } from '../../kernel/app-error.ts';
import type { Ids } from '../../kernel/ids.ts';
import { ALL_PERMISSIONS } from '../../kernel/permissions.ts';
import { operatorOf } from '../../kernel/principal.ts';
import { faultCode } from '../../platform/db/faults.ts';
import { newScope } from '../../platform/db/scope.ts';
import type { Commands } from '../commands/index.ts';
import { newKey } from './key-format.ts';

export interface NewTenant {
  tenantId: string;
  /** An API key with every permission; shown this once. */
  ownerKey: string;
}

const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

const UNIQUE_VIOLATION = '23505';

/** Makes a tenant with its first key. Throws AppError TENANT_EXISTS when another tenant has the slug. */
export const createBootstrapTenant =
  (deps: { commands: Commands; ids: Ids }) =>
  async ({ slug, name }: { slug: string; name: string }): Promise<NewTenant> => {
    if (!SLUG.test(slug)) throw invalid('slug', 'Use 1 to 63 small letters, digits and hyphens, no hyphen first.');
    const tenantId = deps.ids.uuid();
    const key = newKey(deps.ids, 'secret');
    const caller = { principal: operatorOf(tenantId), scope: newScope(tenantId), requestId: deps.ids.uuid() };
    try {
      await deps.commands.runWithoutKey(caller, 'bootstrapTenant', async (command) => {
        const { sql: db, nowIso } = command;
        await sql`insert into tenant (id, slug, name, created_at) values (${tenantId}, ${slug}, ${name}, ${nowIso})`.execute(
          db,
        );
        await sql`
          insert into api_key (id, name, kind, prefix, secret_hash, permissions, created_at)
          values (${deps.ids.uuid()}, 'Owner', 'secret', ${key.prefix}, ${key.hash},
            ${[...ALL_PERMISSIONS]}::text[], ${nowIso})`.execute(db);
        command.audit({ entity: 'tenant', entityId: tenantId, after: { slug, name, ownerKey: key.prefix } });
      });
    } catch (error) {
      if (faultCode(error) !== UNIQUE_VIOLATION) throw error;
      throw new AppError('conflict', 'TENANT_EXISTS', `There is a tenant ${slug} already. Choose another slug.`, {
        fields: [{ path: 'slug', message: 'Taken.' }],
      });
    }
    return { tenantId, ownerKey: key.text };
  };

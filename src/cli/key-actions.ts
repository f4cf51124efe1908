import { AppError } from '../kernel/app-error.ts';
import { randomIds } from '../kernel/ids.ts';
import {
  ALL_PERMISSIONS,
  type Permission,
  PUBLISHABLE_PERMISSIONS,
  ROLE_PERMISSIONS,
  type Role,
} from '../kernel/permissions.ts';
import { callAsOperator } from '../startup/operator.ts';
import { columns } from './columns.ts';
import { UsageError } from './run-command.ts';
import { listTenants, tenantBySlug } from './tenants.ts';
import { withApplication } from './with-application.ts';

export interface Place {
  dataDir?: string;
}

export interface CreateOptions extends Place {
  tenant: string;
  name: string;
  permission?: Permission[];
  role?: Role;
  publishable?: true;
  expires?: string;
}

const PAGE = 100;

const print = (text: string) => process.stdout.write(`${text}\n`);

const permissionsOf = ({ permission = [], role, publishable }: CreateOptions): Permission[] => {
  const ofRole = role ? ROLE_PERMISSIONS[role] : [];
  const named = [...new Set([...permission, ...ofRole])];
  if (named.length) return named;
  if (publishable) return [...PUBLISHABLE_PERMISSIONS];
  throw new UsageError('Say what the key may do: --role, --permission, or --publishable.');
};

export const createKey = async (options: CreateOptions) => {
  const permissions = permissionsOf(options);
  await withApplication(options, async ({ application }) => {
    const tenant = await tenantBySlug(application, options.tenant);
    const key = await (await callAsOperator(application, tenant.id)).apiKeys.create({
      name: options.name,
      kind: options.publishable ? 'publishable' : 'secret',
      permissions,
      ...(options.expires === undefined ? {} : { expiresAt: options.expires }),
      idempotencyKey: randomIds.uuid(),
    });
    print(key.secret ?? '');
  });
};

const allKeys = async (caller: Awaited<ReturnType<typeof callAsOperator>>) => {
  const first = await caller.apiKeys.list({ limit: PAGE });
  const keys = first.items;
  for (let cursor = first.nextCursor; cursor !== null; ) {
    const page = await caller.apiKeys.list({ limit: PAGE, cursor });
    keys.push(...page.items);
    cursor = page.nextCursor;
  }
  return keys;
};

export const listKeys = ({ tenant: slug, ...place }: Place & { tenant: string }) =>
  withApplication(place, async ({ application }) => {
    const keys = await allKeys(await callAsOperator(application, (await tenantBySlug(application, slug)).id));
    const rows = keys.map(({ prefix, kind, name, permissions, lastUsedAt, expiresAt, revokedAt }) => {
      const all = permissions.length === ALL_PERMISSIONS.length;
      const state = revokedAt ? `revoked ${revokedAt}` : expiresAt ? `until ${expiresAt}` : 'good';
      return [prefix, kind, state, lastUsedAt ?? 'never', name, all ? 'all' : permissions.join(' ')];
    });
    process.stdout.write(columns([['PREFIX', 'KIND', 'STATE', 'LAST USED', 'NAME', 'PERMISSIONS'], ...rows]));
  });

export const revokeKey = (prefix: string, { tenant: slug, ...place }: Place & { tenant: string }) =>
  withApplication(place, async ({ application }) => {
    const caller = await callAsOperator(application, (await tenantBySlug(application, slug)).id);
    const key = (await allKeys(caller)).find((row) => row.prefix === prefix);
    if (!key) throw new AppError('not_found', 'NOT_FOUND', `The tenant ${slug} has no key with the prefix ${prefix}.`);
    const revoked = await caller.apiKeys.revoke({ apiKeyId: key.id, idempotencyKey: randomIds.uuid() });
    print(`Revoked ${key.name} (${prefix}) at ${revoked.revokedAt}.`);
  });

export const createTenant = (slug: string, name: string, place: Place) =>
  withApplication(place, async ({ application }) => {
    const { ownerKey } = await application.access.bootstrapTenant({ slug, name });
    print(ownerKey);
  });

export const showTenants = (place: Place) =>
  withApplication(place, async ({ application }) => {
    const tenants = await listTenants(application);
    process.stdout.write(columns([['SLUG', 'NAME', 'ID'], ...tenants.map(({ slug, name, id }) => [slug, name, id])]));
  });

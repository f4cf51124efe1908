import { type Command, Option } from 'commander';
import { AppError } from '../kernel/app-error.ts';
import { randomIds } from '../kernel/ids.ts';
import {
  ALL_PERMISSIONS,
  type Permission,
  PUBLISHABLE_PERMISSIONS,
  ROLE_PERMISSIONS,
  ROLES,
  type Role,
} from '../kernel/permissions.ts';
import { callAsOperator } from '../startup/operator.ts';
import { columns } from './columns.ts';
import { UsageError } from './run-command.ts';
import { listTenants, tenantBySlug } from './tenants.ts';
import { withApplication } from './with-application.ts';

interface Place {
  dataDir?: string;
}

interface CreateOptions extends Place {
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

const createKey = async (options: CreateOptions) => {
  const permissions = permissionsOf(options);
  await withApplication(options, async ({ application }) => {
    const tenant = await tenantBySlug(application, options.tenant);
    const key = await callAsOperator(application, tenant.id).apiKeys.create({
      name: options.name,
      kind: options.publishable ? 'publishable' : 'secret',
      permissions,
      ...(options.expires === undefined ? {} : { expiresAt: options.expires }),
      idempotencyKey: randomIds.uuid(),
    });
    print(key.secret ?? '');
  });
};

const allKeys = async (caller: ReturnType<typeof callAsOperator>) => {
  const first = await caller.apiKeys.list({ limit: PAGE });
  const keys = first.items;
  for (let cursor = first.nextCursor; cursor !== null; ) {
    const page = await caller.apiKeys.list({ limit: PAGE, cursor });
    keys.push(...page.items);
    cursor = page.nextCursor;
  }
  return keys;
};

const listKeys = ({ tenant: slug, ...place }: Place & { tenant: string }) =>
  withApplication(place, async ({ application }) => {
    const keys = await allKeys(callAsOperator(application, (await tenantBySlug(application, slug)).id));
    const rows = keys.map(({ prefix, kind, name, permissions, lastUsedAt, expiresAt, revokedAt }) => {
      const all = permissions.length === ALL_PERMISSIONS.length;
      const state = revokedAt ? `revoked ${revokedAt}` : expiresAt ? `until ${expiresAt}` : 'good';
      return [prefix, kind, state, lastUsedAt ?? 'never', name, all ? 'all' : permissions.join(' ')];
    });
    process.stdout.write(columns([['PREFIX', 'KIND', 'STATE', 'LAST USED', 'NAME', 'PERMISSIONS'], ...rows]));
  });

const revokeKey = (prefix: string, { tenant: slug, ...place }: Place & { tenant: string }) =>
  withApplication(place, async ({ application }) => {
    const caller = callAsOperator(application, (await tenantBySlug(application, slug)).id);
    const key = (await allKeys(caller)).find((row) => row.prefix === prefix);
    if (!key) throw new AppError('not_found', 'NOT_FOUND', `The tenant ${slug} has no key with the prefix ${prefix}.`);
    const revoked = await caller.apiKeys.revoke({ apiKeyId: key.id, idempotencyKey: randomIds.uuid() });
    print(`Revoked ${key.name} (${prefix}) at ${revoked.revokedAt}.`);
  });

const createTenant = (slug: string, name: string, place: Place) =>
  withApplication(place, async ({ application }) => {
    const { ownerKey } = await application.access.bootstrapTenant({ slug, name });
    print(ownerKey);
  });

const showTenants = (place: Place) =>
  withApplication(place, async ({ application }) => {
    const tenants = await listTenants(application);
    process.stdout.write(columns([['SLUG', 'NAME', 'ID'], ...tenants.map(({ slug, name, id }) => [slug, name, id])]));
  });

export const registerKeys = (program: Command): void => {
  const keys = program.command('keys').description('Make, list and revoke API keys, and make tenants.');
  const command = (parent: Command, name: string, description: string) =>
    parent
      .command(name)
      .description(description)
      .option('--data-dir <folder>', 'where the embedded database lives (INNKEEPER_DATA_DIR)');

  command(keys, 'create', 'make a key and print it, this once')
    .requiredOption('--tenant <slug>', 'whose key it is')
    .requiredOption('--name <text>', 'what it is for')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES))
    .addOption(new Option('--permission <names...>', 'what it may do, one by one').choices(ALL_PERMISSIONS))
    .option('--publishable', 'for web pages: search and look-up only')
    .option('--expires <instant>', 'from when on it is refused, as 2027-01-01T00:00:00.000Z')
    .action(createKey);
  command(keys, 'list', 'list the keys of a tenant').requiredOption('--tenant <slug>', 'whose keys').action(listKeys);
  command(keys, 'revoke', 'refuse a key from now on')
    .argument('<prefix>', 'the part of the key between its underscores')
    .requiredOption('--tenant <slug>', 'whose key it is')
    .action(revokeKey);

  const tenant = keys.command('tenant').description('Make and list tenants.');
  command(tenant, 'create', 'make a tenant and print its first key, which may do everything, this once')
    .argument('<slug>', 'small letters, digits and hyphens; named at sign-in')
    .argument('<name>')
    .action(createTenant);
  command(tenant, 'list', 'list the tenants').action(showTenants);
};

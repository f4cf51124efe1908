import { type Command, Option } from 'commander';
import { ALL_PERMISSIONS, ROLES } from '../kernel/permissions.ts';

const actions = () => import('./key-actions.ts');

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
    .action(async (options) => (await actions()).createKey(options));
  command(keys, 'list', 'list the keys of a tenant')
    .requiredOption('--tenant <slug>', 'whose keys')
    .action(async (options) => (await actions()).listKeys(options));
  command(keys, 'revoke', 'refuse a key from now on')
    .argument('<prefix>', 'the part of the key between its underscores')
    .requiredOption('--tenant <slug>', 'whose key it is')
    .action(async (prefix, options) => (await actions()).revokeKey(prefix, options));

  const tenant = keys.command('tenant').description('Make and list tenants.');
  command(tenant, 'create', 'make a tenant and print its first key, which may do everything, this once')
    .argument('<slug>', 'small letters, digits and hyphens; named at sign-in')
    .argument('<name>')
    .action(async (slug, name, options) => (await actions()).createTenant(slug, name, options));
  command(tenant, 'list', 'list the tenants').action(async (options) => (await actions()).showTenants(options));
};

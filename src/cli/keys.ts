import { type Command, Option } from 'commander';
import { randomIds } from '../kernel/ids.ts';
import { ALL_PERMISSIONS, type Permission, PUBLISHABLE_PERMISSIONS } from '../kernel/permissions.ts';
import { callAsOperator } from '../startup/operator.ts';
import { columns } from './columns.ts';
import { listTenants, tenantBySlug } from './tenants.ts';
import { withApplication } from './with-application.ts';

interface Place {
  dataDir?: string;
}

interface CreateOptions extends Place {
  tenant: string;
  name: string;
  permission?: Permission[];
  publishable?: true;
  expires?: string;
}

const PAGE = 100;

const print = (text: string) => process.stdout.write(`${text}\n`);

const createKey = (options: CreateOptions) =>
  withApplication(options, async ({ application }) => {
    const tenant = await tenantBySlug(application, options.tenant);
    const usual = options.publishable ? PUBLISHABLE_PERMISSIONS : ALL_PERMISSIONS;
    const key = await callAsOperator(application, tenant.id).apiKeys.create({
      name: options.name,
      kind: options.publishable ? 'publishable' : 'secret',
      permissions: options.permission ?? [...usual],
      ...(options.expires === undefined ? {} : { expiresAt: options.expires }),
      idempotencyKey: randomIds.uuid(),
    });
    print(key.secret ?? '');
  });

const listKeys = ({ tenant: slug, ...place }: Place & { tenant: string }) =>
  withApplication(place, async ({ application }) => {
    const caller = callAsOperator(application, (await tenantBySlug(application, slug)).id);
    const rows = [['PREFIX', 'KIND', 'NAME', 'PERMISSIONS', 'LAST USED', 'STATE']];
    for (let cursor: string | undefined; ; ) {
      const page = await caller.apiKeys.list({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
      for (const { prefix, kind, name, permissions, lastUsedAt, expiresAt, revokedAt } of page.items) {
        const all = permissions.length === ALL_PERMISSIONS.length;
        const state = revokedAt ? `revoked ${revokedAt}` : expiresAt ? `until ${expiresAt}` : 'good';
        rows.push([prefix, kind, name, all ? 'all' : permissions.join(' '), lastUsedAt ?? 'never', state]);
      }
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    process.stdout.write(columns(rows));
  });

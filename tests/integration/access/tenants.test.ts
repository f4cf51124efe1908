import { afterAll, beforeAll, expect, test } from 'vitest';
import { ALL_PERMISSIONS } from '../../../src/kernel/permissions.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { asSuperuser } from '../../support/superuser.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

test('a new tenant comes with a key that may do everything, for this tenant only', async () => {
  const { tenantId, client } = await app.tenant('harbour');
  await app.tenant('mountain');
  expect(await client.auth.me.query({})).toMatchObject({
    tenant: { id: tenantId, slug: 'harbour' },
    permissions: [...ALL_PERMISSIONS].sort(),
  });
  expect((await client.apiKeys.list.query({})).items).toHaveLength(1);
});

test('two tenants never share a slug, and the second leaves nothing behind', async () => {
  await app.tenant('taken');
  const count = () => asSuperuser(app.database, 'select count(*) from api_key');
  const before = await count();
  await expect(app.tenant('taken')).rejects.toMatchObject({ code: 'TENANT_EXISTS', fields: [{ path: 'slug' }] });
  expect(await count()).toEqual(before);
});

test.each(['', '-a', 'Ä', 'A', 'a_b', 'a'.repeat(64)])('a slug like "%s" is refused', async (slug) => {
  await expect(app.tenant(slug)).rejects.toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'slug' }] });
});

test('the making of a tenant is audited as the operator’s', async () => {
  const { tenantId } = await app.tenant('audited');
  const entries = await asSuperuser(
    app.database,
    'select actor_kind, procedure, entity, entity_id from audit_entry where tenant_id = $1',
    [tenantId],
  );
  expect(entries).toEqual([
    { actor_kind: 'operator', procedure: 'bootstrapTenant', entity: 'tenant', entity_id: tenantId },
  ]);
});

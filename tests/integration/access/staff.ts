import type { Role } from '../../../src/kernel/permissions.ts';
import type { TestApp, TestTenant } from '../../support/app.ts';
import { key } from './key.ts';

export const PASSWORD = 'correct horse battery';

/** Adds a user with PASSWORD; the e-mail is the name at example.com unless given. */
export const hire = (tenant: TestTenant, name: string, role: Role = 'manager') =>
  tenant.client.users.create.mutate({
    email: `${name}@example.com`,
    name,
    role,
    password: PASSWORD,
    idempotencyKey: key(),
  });

/** Signs such a user in; `tenant` is the tenant's slug. */
export const signIn = async (app: TestApp, tenant: string, name: string) => {
  const tokens = await app
    .client(null)
    .auth.signIn.mutate({ tenant, email: `${name}@example.com`, password: PASSWORD });
  return { ...tokens, client: app.client(tokens.accessToken) };
};

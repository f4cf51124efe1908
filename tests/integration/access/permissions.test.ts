import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { isPermission, type Permission, ROLE_PERMISSIONS, ROLES } from '../../../src/kernel/permissions.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { toAppError } from '../../../src/transport/errors/translate.ts';
import type { ProcedureMeta } from '../../../src/transport/trpc/meta.ts';
import { createCallerFactory } from '../../../src/transport/trpc/procedures.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';

/** They give permission, so they take none. */
const OPEN = ['auth.refresh', 'auth.signIn'];
/** Sign-in, refresh and operations; all other mutations take an idempotency key. */
const WITHOUT_KEY = [
  'auth.refresh',
  'auth.signIn',
  'auth.signOut',
  'clock.advance',
  'webhooks.test',
  'performance.clearCache',
  'performance.collectGarbage',
];

interface Definition {
  type: string;
  meta?: ProcedureMeta;
  inputs: z.ZodType[];
}

interface Walked {
  path: string;
  type: string;
  permission: string | null | undefined;
  inputs: z.ZodType[];
}

let app: TestApp;
let tenant: TestTenant;
let procedures: Walked[];
beforeAll(async () => {
  app = await startApp();
  tenant = await app.tenant('seaside');
  const defined = app.application.appRouter._def.procedures as unknown as Record<string, { _def: Definition }>;
  procedures = Object.entries(defined).map(
    ([
      path,
      {
        _def: { type, meta, inputs },
      },
    ]) => ({
      path,
      type,
      permission: meta?.permission,
      inputs,
    }),
  );
});
afterAll(() => app.close());

/** Calls with a field that no procedure knows: what gets as far as its input is refused there, before any effect. */
const callAs = async (path: string, permissions: readonly Permission[] | null) => {
  const scope = newScope(tenant.tenantId);
  const caller = createCallerFactory(app.application.appRouter)({
    requestId: 'permissions-test',
    sourceAddress: '127.0.0.1',
    scope,
    principal: permissions && {
      kind: 'user',
      id: '00000000-0000-4000-8000-000000000000',
      tenant: tenant.tenantId,
      permissions: new Set(permissions),
    },
  });
  const called = path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], caller) as (
    input: unknown,
  ) => Promise<unknown>;
  const code = await called({ fieldThatNobodyKnows: 1 }).then(
    () => 'OK',
    (error: unknown) => toAppError(error).code,
  );
  return { code, statements: scope.statistics.count };
};

test('every procedure names the permission that it needs; only those that sign someone in need none', () => {
  expect(procedures.length).toBeGreaterThan(20);
  expect(
    procedures
      .filter(({ permission }) => permission === null)
      .map(({ path }) => path)
      .sort(),
  ).toEqual(OPEN);
  const unnamed = procedures.filter(({ permission }) => permission !== null && !isPermission(permission ?? ''));
  expect(unnamed.map(({ path }) => path)).toEqual([]);
});

test('reading needs a read permission and changing a manage permission', () => {
  const misnamed = procedures.filter(
    ({ type, permission }) => permission && permission.endsWith(':manage') !== (type === 'mutation'),
  );
  expect(misnamed.map(({ path, permission }) => `${path} ${permission}`)).toEqual([]);
});

test('without credentials nothing but signing in is open, and the database is not even asked', async () => {
  for (const { path, permission } of procedures) {
    const { code, statements } = await callAs(path, null);
    expect(`${path} ${code} ${statements}`).toBe(
      `${path} ${permission === null ? 'INVALID_INPUT' : 'UNAUTHENTICATED'} 0`,
    );
  }
});

test.each(ROLES)(
  '%s is refused every procedure outside of its permissions before input or database are touched',
  async (role) => {
    const held: readonly string[] = ROLE_PERMISSIONS[role];
    for (const { path, permission } of procedures) {
      const { code, statements } = await callAs(path, ROLE_PERMISSIONS[role]);
      if (permission && !held.includes(permission)) expect(`${path} ${code} ${statements}`).toBe(`${path} FORBIDDEN 0`);
      else expect(`${path} ${code}`).not.toMatch(/FORBIDDEN|UNAUTHENTICATED/);
    }
  },
);

test('unknown input fields are refused by every procedure that takes input', async () => {
  for (const { path, inputs } of procedures) {
    if (inputs.length === 0) continue;
    const { code, statements } = await callAs(path, ROLE_PERMISSIONS.owner);
    expect(`${path} ${code} ${statements}`).toBe(`${path} INVALID_INPUT 0`);
  }
});

test('every mutation requires an idempotency key, save sign-in, refresh and operations; no query takes one', () => {
  const requiring = procedures.filter(({ inputs }) =>
    inputs.some((input) => {
      const { required = [] } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
      return required.includes('idempotencyKey');
    }),
  );
  const expected = procedures.filter(({ path, type }) => type === 'mutation' && !WITHOUT_KEY.includes(path));
  expect(requiring.map(({ path }) => path)).toEqual(expected.map(({ path }) => path));
  expect(procedures.map(({ path }) => path)).toEqual(expect.arrayContaining(WITHOUT_KEY));
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { startApp, type TestApp } from '../../support/app.ts';
import { privatePaths } from '../../unit/kernel/private-paths.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Declared {
  meta?: { cached?: boolean };
  inputs: z.ZodType[];
  output?: z.ZodType;
}

interface Routes {
  _def: { procedures: Record<string, { _def: Declared }> };
}

const procedures = () =>
  Object.entries((app.application.appRouter as unknown as Routes)._def.procedures).map(([path, { _def }]) => {
    const { meta, inputs, output } = _def;
    const schemas = [...inputs, ...(output ? [output] : [])];
    return { path, cached: meta?.cached === true, found: schemas.flatMap((schema) => privatePaths(schema)) };
  });

test('no procedure whose answers are kept takes or answers personal or payment data', () => {
  const cached = procedures().filter((procedure) => procedure.cached);
  expect(cached.map(({ path }) => path)).toContain('availability.search');
  expect(cached.filter(({ found }) => found.length > 0)).toEqual([]);
});

test('and those that do are known as such', () => {
  const found = Object.fromEntries(procedures().map((procedure) => [procedure.path, procedure.found]));
  expect(found['bookings.get']).toContain('booker');
  expect(found['users.list']).toEqual(expect.arrayContaining(['items.email', 'items.name', 'items.phone']));
  expect(found['auth.me']).toEqual(expect.arrayContaining(['name']));
});

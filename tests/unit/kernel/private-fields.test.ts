import { expect, test } from 'vitest';
import { z } from 'zod';
import { payment, personal } from '../../../src/kernel/private-fields.ts';
import { privatePaths } from './private-paths.ts';

test('a mark is found through whatever a schema is wrapped in, and in what is derived from it', () => {
  const name = personal(z.string());
  const inside = z.strictObject({
    plain: z.string(),
    wrapped: name.nullable().optional(),
    derived: name.meta({ description: 'Derived.' }),
    list: z.array(z.strictObject({ deep: payment(z.string()) })),
    either: z.union([z.number(), name]),
    byKey: z.record(z.string(), name),
    piped: z.pipe(name, z.string()),
  });
  expect(privatePaths(z.strictObject({ inside }))).toEqual(
    ['wrapped', 'derived', 'list.deep', 'either', 'byKey', 'piped'].map((path) => `inside.${path}`),
  );
  expect(privatePaths(inside.pick({ plain: true }))).toEqual([]);
});

test('a field that is called like personal data counts, marked or not', () => {
  expect(privatePaths(z.strictObject({ contact: z.strictObject({ email: z.string() }) }))).toEqual(['contact.email']);
});

test('a marked schema reads what it always did', () => {
  expect(personal(z.string().min(2)).safeParse('a').success).toBe(false);
  expect(personal(z.string()).parse('Ann')).toBe('Ann');
});

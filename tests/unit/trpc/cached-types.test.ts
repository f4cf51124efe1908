import { expect, test } from 'vitest';
import { z } from 'zod';
import { payment, personal } from '../../../src/kernel/private-fields.ts';
import { cachedProcedure } from '../../../src/transport/trpc/cached.ts';

const route = { method: 'GET', path: '/x', summary: 'x' } as const;
const by = { type: 'property', tags: () => [] } as const;
const nothing = z.strictObject({});
const name = personal(z.string());

// What matters is what the type checker says of this file: each line below that it lets pass is an error there.
test('answers with personal or payment data have no type that could be kept', () => {
  const plain = z.strictObject({ city: z.string(), tags: z.array(z.string()).nullable() });
  expect(cachedProcedure('properties:read', route, nothing, plain, by)).toBeDefined();

  const refused = [
    // @ts-expect-error A field with personal data.
    () => cachedProcedure('properties:read', route, nothing, z.strictObject({ name }), by),
    // @ts-expect-error One that may be missing or null.
    () => cachedProcedure('properties:read', route, nothing, z.strictObject({ name: name.nullable().optional() }), by),
    // @ts-expect-error Deep inside a list.
    () => cachedProcedure('properties:read', route, nothing, z.array(z.strictObject({ a: plain, b: name })), by),
    // @ts-expect-error One of several shapes.
    () => cachedProcedure('properties:read', route, nothing, z.union([plain, z.strictObject({ name })]), by),
    // @ts-expect-error A map of them.
    () => cachedProcedure('properties:read', route, nothing, z.record(z.string(), name), by),
    // @ts-expect-error Payment data.
    () => cachedProcedure('properties:read', route, nothing, z.strictObject({ card: payment(z.string()) }), by),
    // @ts-expect-error An input is part of the key.
    () => cachedProcedure('properties:read', route, z.strictObject({ name }), plain, by),
  ];
  expect(refused).toHaveLength(7);
});

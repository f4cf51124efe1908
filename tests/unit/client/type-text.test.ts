import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contractText } from '../../../src/client/build/contract-text.ts';
import { typeText } from '../../../src/client/build/type-text.ts';
import type { JsonSchema } from '../../../src/transport/openapi/json-schema.ts';
import type { Operation } from '../../../src/transport/openapi/operations.ts';

const textOf = (schema: z.ZodType, io: 'input' | 'output' = 'input') =>
  typeText(z.toJSONSchema(schema, { io }) as JsonSchema).replaceAll(/\s+/g, ' ');

describe('the type of a schema', () => {
  it.each([
    ['text or null', z.string().nullable(), 'string | null'],
    ['words', z.enum(['asc', 'desc']), '"asc" | "desc"'],
    ['a literal', z.literal(7), '7'],
    ['a list of alternatives', z.array(z.union([z.string(), z.int()])), '(string | number)[]'],
    ['a pair', z.tuple([z.string(), z.boolean()]), '[string, boolean]'],
    ['a record', z.record(z.string(), z.array(z.number())), 'Record<string, number[]>'],
    ['some of the named keys', z.partialRecord(z.enum(['a', 'b']), z.int()), 'Partial<Record<"a" | "b", number>>'],
    ['no fields', z.strictObject({}), 'Record<string, never>'],
    ['anything', z.unknown(), 'unknown'],
    ['nothing', z.never(), 'never'],
    ['both', z.intersection(z.union([z.string(), z.int()]), z.string()), '(string | number) & string'],
    ['an odd name', z.strictObject({ 'x-y': z.string() }), '{ "x-y": string; }'],
    ['a key', z.strictObject({ idempotencyKey: z.string() }), '{ idempotencyKey?: string | undefined; }'],
    ['a default', z.strictObject({ n: z.int().default(3) }), '{ /** @default 3 */ n?: number | undefined; }'],
    [
      'a description that would end the comment',
      z.strictObject({ a: z.string().meta({ description: 'A */ b' }) }),
      '{ /** A *\\/ b */ a: string; }',
    ],
  ])('%s', (_, schema, text) => {
    expect(textOf(schema)).toBe(text);
  });

  it('has a default filled in on the way out', () => {
    expect(textOf(z.strictObject({ n: z.int().default(3) }), 'output')).toBe('{ /** @default 3 */ n: number; }');
  });

  it('is the name of a shared schema', () => {
    expect(typeText({ type: 'array', items: { $ref: '#/components/schemas/Booking' } })).toBe('Booking[]');
  });
});

describe('the contract', () => {
  const operation: Operation = {
    procedurePath: 'bookings.get',
    type: 'query',
    route: { method: 'GET', path: '/bookings', summary: 'One booking' },
    permission: null,
    pathFields: [],
    input: undefined,
    output: { type: 'string' },
  };

  it('describes each procedure with its summary', () => {
    const text = contractText({ operations: [operation], subscriptions: [], webhooks: [], components: {} }).replaceAll(
      /\s+/g,
      ' ',
    );
    expect(text).toContain('RouterInputs { bookings: { get: void; }; }');
    expect(text).toContain('RouterOutputs { bookings: { get: string; }; }');
    expect(text).toContain('/** One booking. */ get: Query<');
  });

  it('gives each event of a subscription under its id', () => {
    const changes = {
      procedurePath: 'bookings.changes',
      summary: 'What happens',
      description: undefined,
      input: { type: 'object', properties: {}, additionalProperties: false },
      item: { $ref: '#/components/schemas/Event' },
    };
    const text = contractText({ operations: [], subscriptions: [changes], webhooks: [], components: {} }).replaceAll(
      /\s+/g,
      ' ',
    );
    expect(text).toContain('RouterOutputs { bookings: { changes: AsyncIterable<{ id: string; data: Event }>; }; }');
    expect(text).toContain('/** What happens. */ changes: Subscription<');
  });

  it('names the body of each webhook by its type', () => {
    const body = { type: 'object', properties: { type: { const: 'booking.held' } }, required: ['type'] };
    const held = { type: 'booking.held', summary: 'Nights are held', body };
    const text = contractText({ operations: [], subscriptions: [], webhooks: [held], components: {} });
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'WebhookMessages { /** Nights are held. */ "booking.held": { type: "booking.held"; }; }',
    );
  });

  it.each([
    [
      'a schema id that the module itself needs',
      { operations: [], subscriptions: [], webhooks: [], components: { AppRouter: {} } },
    ],
    ['a schema id that is no name', { operations: [], subscriptions: [], webhooks: [], components: { 'a-b': {} } }],
    [
      'a procedure outside an area',
      { operations: [{ ...operation, procedurePath: 'get' }], subscriptions: [], webhooks: [], components: {} },
    ],
  ])('refuses %s', (_, contract) => {
    expect(() => contractText(contract)).toThrow();
  });
});

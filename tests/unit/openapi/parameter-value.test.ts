import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { JsonSchema } from '../../../src/transport/openapi/json-schema.ts';
import { readParameter } from '../../../src/transport/openapi/parameter-value.ts';

const fields = {
  text: z.string(),
  whole: z.int(),
  number: z.number(),
  flag: z.boolean(),
  choice: z.enum(['a', 'b']),
  level: z.union([z.literal(1), z.literal(2)]),
  maybe: z.int().nullable(),
  wholes: z.array(z.int()),
  texts: z.array(z.string()),
  place: z.strictObject({ x: z.number(), name: z.string() }),
  places: z.array(z.strictObject({ x: z.int() })),
  pairs: z.array(z.tuple([z.int(), z.int()])),
  led: z.tuple([z.int()], z.string()),
};
const read = (schema: z.ZodType, texts: string[]) =>
  readParameter(texts, z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, {});

/** How a client writes a value: lists of plain values by repeating, objects and lists of such as JSON. */
const written = (name: string, value: unknown): string[] => {
  const plain = (one: unknown) => typeof one !== 'object' || one === null;
  if (Array.isArray(value) && value.every(plain) && name !== 'led') return value.map(String);
  return [plain(value) ? String(value) : JSON.stringify(value)];
};

const values = fc.record({
  text: fc.string(),
  whole: fc.maxSafeInteger(),
  number: fc.double({ noDefaultInfinity: true, noNaN: true }).filter((value) => !Object.is(value, -0)),
  flag: fc.boolean(),
  choice: fc.constantFrom('a', 'b'),
  level: fc.constantFrom(1, 2),
  maybe: fc.option(fc.integer()),
  wholes: fc.array(fc.integer(), { minLength: 1 }),
  texts: fc.array(fc.string(), { minLength: 1 }),
  place: fc.record({ x: fc.integer(), name: fc.string() }),
  places: fc.array(fc.record({ x: fc.integer() }), { minLength: 1 }),
  pairs: fc.array(fc.tuple(fc.integer(), fc.integer()), { minLength: 1 }),
  led: fc.tuple(fc.integer(), fc.string()),
});

describe('a parameter', () => {
  it('reads back as the value that was written', () => {
    fc.assert(
      fc.property(values, (value) => {
        for (const [name, schema] of Object.entries(fields)) {
          expect(read(schema, written(name, Reflect.get(value, name))), name).toEqual(Reflect.get(value, name));
        }
      }),
    );
  });

  it('that does not fit is refused by its schema, whatever its text', () => {
    const looksRight = /^(-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false|null)$/;
    fc.assert(
      fc.property(
        fc.string().filter((text) => !looksRight.test(text)),
        (text) => {
          for (const schema of [fields.whole, fields.number, fields.flag, fields.level, fields.maybe, fields.wholes]) {
            expect(schema.safeParse(read(schema, [text])).success).toBe(false);
          }
        },
      ),
    );
  });

  it('keeps text that looks like another type', () => {
    fc.assert(
      fc.property(fc.constantFrom('1', 'true', 'null', '[1]', '{"x":1}', '-0', '1e3'), (text) => {
        expect(read(fields.text, [text])).toBe(text);
        expect(read(fields.texts, [text])).toEqual([text]);
        expect(read(z.string().nullable(), [text])).toBe(text);
        const either = read(z.union([z.string(), z.strictObject({ x: z.int() })]), [text]);
        expect(typeof either === 'object' || either === text).toBe(true);
      }),
    );
  });
});

import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { t, toyRouter } from './toy-router.ts';
import { toyOpenApi } from './toy-server.ts';

const { document } = toyOpenApi();
const operation = (method: string, path: string) => {
  const found = document.paths[path]?.[method];
  if (!found) throw new Error(`the document has no ${method} ${path}`);
  return found;
};
const hold = operation('post', '/properties/{propertyId}/bookings');
const search = operation('get', '/availability');
const json = (schema: unknown) => ({ 'application/json': { schema } });
const parameter = (of: typeof search, name: string) => of.parameters.find((one) => 'name' in one && one.name === name);

describe('the document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const plain: Record<string, unknown> = JSON.parse(JSON.stringify(document));
    expect(await new Validator().validate(plain)).toEqual({ valid: true });
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  it('has no reference without a target', () => {
    const text = JSON.stringify(document);
    const targets = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, pointer]) => pointer ?? '');
    expect(targets.length).toBeGreaterThan(50);
    for (const pointer of targets) {
      const target = pointer.split('/').reduce<unknown>((at, key) => Reflect.get(Object(at), key), document);
      expect(target, pointer).toBeDefined();
    }
  });

  it('names every procedure that has a route, once, and no other', () => {
    const named = Object.values(document.paths).flatMap((path) => Object.values(path).map((one) => one['x-procedure']));
    const all = Object.keys(toyRouter._def.procedures);
    expect(named.toSorted()).toEqual(all.filter((name) => name !== 'inner').toSorted());
    expect(
      new Set(Object.values(document.paths).flatMap((path) => Object.values(path).map((one) => one.operationId))).size,
    ).toBe(named.length);
  });

  it('describes a change: key as header, path field, the rest as strict body, answer and headers', () => {
    expect(hold).toMatchObject({ operationId: 'bookingsHold', tags: ['bookings'], security: [{ bearer: [] }] });
    expect(parameter(hold, 'Idempotency-Key')).toMatchObject({
      in: 'header',
      required: true,
      schema: { minLength: 8 },
    });
    expect(parameter(hold, 'propertyId')).toMatchObject({ in: 'path', required: true, schema: { format: 'uuid' } });
    expect(hold.parameters).toContainEqual({ $ref: '#/components/parameters/X-Consistency-Token' });
    const body = hold.requestBody?.content['application/json'].schema;
    expect(Object.keys(body?.properties ?? {})).toEqual(['arrival', 'departure', 'lines', 'notes']);
    expect(body).toMatchObject({ additionalProperties: false, required: ['arrival', 'departure', 'lines'] });
    expect(hold.responses['201']).toMatchObject({
      content: json({ $ref: '#/components/schemas/Booking' }),
      headers: { 'X-Request-Id': {}, 'X-Response-Time': {}, 'X-Consistency-Token': {} },
    });
  });

  it('describes a query: coerced types in the query string, objects as JSON text', () => {
    expect(parameter(search, 'arrival')).toMatchObject({
      in: 'query',
      required: true,
      schema: { type: 'string', format: 'date' },
    });
    expect(parameter(search, 'rooms')).toMatchObject({
      required: false,
      description: 'How many rooms.',
      schema: { default: 1 },
    });
    expect(parameter(search, 'ages')).toMatchObject({ schema: { type: 'array', items: { type: 'integer' } } });
    expect(parameter(search, 'near')).toMatchObject({ content: json({ type: 'object' }) });
    expect(parameter(search, 'parties')).toMatchObject({ content: json({ type: 'array' }) });
    expect(search).toMatchObject({ security: [] });
    expect(search.requestBody).toBeUndefined();
  });

  it('keeps money an integer, dates dates, and shares schemas by their id', () => {
    const { schemas } = document.components;
    expect(schemas.Money).toMatchObject({ additionalProperties: false, properties: { amount: { type: 'integer' } } });
    expect(schemas.Booking?.properties?.arrival).toMatchObject({ type: 'string', format: 'date' });
    expect(schemas.Booking?.properties?.arrival).not.toHaveProperty('pattern');
    expect(schemas.Booking?.properties?.total).toEqual({ $ref: '#/components/schemas/Money' });
  });

  it('tells the input side of a schema with defaults from its output side, down to what contains it', () => {
    const { schemas } = document.components;
    expect(schemas.Party?.required).toEqual(['adults', 'childAges']);
    expect(schemas.PartyInput).not.toHaveProperty('required');
    expect(schemas.LineInput?.properties?.party).toEqual({ $ref: '#/components/schemas/PartyInput' });
    expect(schemas.Line?.properties?.party).toEqual({ $ref: '#/components/schemas/Party' });
    expect(schemas).not.toHaveProperty('MoneyInput');
  });

  it('lists the errors that an operation can give, all of one shape', () => {
    expect(Object.keys(hold.responses)).toEqual([
      '201',
      '400',
      '401',
      '403',
      '404',
      '409',
      '413',
      '415',
      '422',
      '429',
      '500',
      '503',
      '504',
    ]);
    const clock = operation('get', '/clock');
    expect(Object.keys(clock.responses)).toEqual(['200', '400', '401', '429', '500', '503', '504']);
    for (const response of Object.values(document.components.responses)) {
      expect(response.content).toEqual(json({ $ref: '#/components/schemas/Error' }));
    }
    expect(document.components.schemas.Error?.properties?.error?.required).toEqual([
      'code',
      'message',
      'retryable',
      'requestId',
    ]);
  });
});

describe('what cannot be served stops the start', () => {
  const get = { method: 'GET', path: '/things/{id}', summary: 'Get' } as const;
  const id = z.strictObject({ id: z.string() });
  const output = z.strictObject({});
  const query = (
    openapi: typeof get | { method: 'GET' | 'POST'; path: `/${string}`; summary: string },
    input: z.ZodType,
    out: z.ZodType = output,
  ) =>
    t.procedure
      .meta({ permission: null, openapi })
      .input(input)
      .output(out)
      .query(() => ({}));

  it.each([
    [
      'a mutation on GET',
      () => ({
        a: t.procedure
          .meta({ permission: null, openapi: get })
          .input(id)
          .output(output)
          .mutation(() => ({})),
      }),
      /mutation cannot be a GET/,
    ],
    ['an input that is not strict', () => ({ a: query(get, z.object({ id: z.string() })) }), /not a strict object/],
    [
      'a path field that the input lacks',
      () => ({ a: query(get, z.strictObject({ other: z.string() })) }),
      /\{id\} in the path/,
    ],
    [
      'a path field that may be left out',
      () => ({ a: query(get, z.strictObject({ id: z.string().optional() })) }),
      /\{id\} in the path/,
    ],
    ['a path of other characters', () => ({ a: query({ ...get, path: '/things/:id' }, id) }), /not made of/],
    [
      'two procedures on one route',
      () => ({ a: query(get, id), b: query({ ...get, path: '/things/{id}' }, id) }),
      /both answer GET/,
    ],
    [
      'one path under two names',
      () => ({
        a: query(get, id),
        b: query({ method: 'POST', path: '/things/{key}', summary: '' }, z.strictObject({ key: z.string() })),
      }),
      /same path/,
    ],
    [
      'an output that JSON lacks',
      () => ({ a: query(get, id, z.strictObject({ at: z.date() })) }),
      /output of a has no JSON Schema: Date/,
    ],
    [
      'two schemas under one id',
      () => ({
        a: query(get, id, z.int().meta({ id: 'Twin' })),
        b: query({ ...get, path: '/twin/{id}' }, id, z.string().meta({ id: 'Twin' })),
      }),
      /id Twin/,
    ],
    [
      'the id of the document’s own schema',
      () => ({ a: query(get, id, z.strictObject({ e: z.int().meta({ id: 'Error' }) })) }),
      /belongs to the document/,
    ],
  ])('%s', (_, procedures, message) => {
    expect(() => toyOpenApi({ router: t.router(procedures()) })).toThrow(message);
  });

  it('no output at all', () => {
    const bare = t.procedure
      .meta({ permission: null, openapi: get })
      .input(id)
      .query(() => 1);
    expect(() => toyOpenApi({ router: t.router({ bare }) })).toThrow(
      /bare cannot be served over REST: it names no zod schema as output/,
    );
  });
});

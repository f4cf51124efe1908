import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { curlOf } from '../../../src/transport/openapi/docs/curl.ts';
import { exampleOf } from '../../../src/transport/openapi/docs/example.ts';
import type { JsonSchema } from '../../../src/transport/openapi/json-schema.ts';
import type { OperationObject } from '../../../src/transport/openapi/operation-object.ts';
import { toyOpenApi } from './toy-server.ts';

describe('an example', () => {
  it.each<[string, z.ZodType]>([
    ['a least', z.int().min(7)],
    ['a most below one', z.int().max(-3)],
    ['a range', z.number().min(0.2).max(0.4)],
    ['a choice', z.enum(['b', 'a'])],
    ['a constant', z.literal('x')],
    ['one of several numbers', z.union([z.literal(4), z.literal(5)])],
    ['a length', z.string().min(12).max(20)],
    ['an exact length', z.string().length(2)],
    ['an instant', z.iso.datetime()],
    ['an address', z.email()],
    ['null or a thing', z.uuid().nullable()],
    ['a nested list', z.array(z.array(z.strictObject({ on: z.boolean(), by: z.record(z.string(), z.int()) }))).min(1)],
    [
      'a pattern with its own example',
      z
        .string()
        .regex(/^[A-Z]{3}\d$/)
        .meta({ examples: ['ABC1'] }),
    ],
  ])('fits %s', (_, schema) => {
    const example = exampleOf(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, {}, true);
    expect(schema.parse(example)).toEqual(example);
  });

  it('of a stay departs after it arrives', () => {
    for (const date of [z.iso.date(), z.iso.date().meta({ examples: ['2030-01-31'] })]) {
      const schema = z.toJSONSchema(z.strictObject({ arrival: date, departure: date })) as JsonSchema;
      const { arrival, departure } = Object(exampleOf(schema, {}, false));
      expect(departure > arrival).toBe(true);
    }
  });

  it('ends where a schema contains itself', () => {
    const node: JsonSchema = { type: 'object', properties: { inner: { $ref: '#/components/schemas/Node' } } };
    expect(exampleOf(node, { Node: node }, true)).toEqual({ inner: {} });
  });
});

describe('a curl line', () => {
  /** The arguments that a shell would give to curl. */
  const argumentsOf = (line: string) =>
    execFileSync(
      'sh',
      ['-c', `uuidgen() { echo key; }\ncurl() { for one; do printf '%s\\0' "$one"; done; }\n${line}`],
      {
        env: { INNKEEPER_TOKEN: 'ik_secret' },
        encoding: 'utf8',
      },
    ).split('\0');
  const { document } = toyOpenApi();
  const operation = (method: string, path: string) => document.paths[path]?.[method] as OperationObject;

  it('survives the shell with method, headers and body', () => {
    const hold = structuredClone(operation('post', '/properties/{propertyId}/bookings'));
    const body = hold.requestBody?.content['application/json'].schema.properties;
    Object.assign(body?.notes ?? {}, { examples: [`It's "late" & $HOME`] });
    const line = curlOf('POST', '/api/v1/properties/{propertyId}/bookings', hold, document.components.schemas);
    const given = argumentsOf(line);
    expect(given.slice(0, 8)).toEqual([
      '-X',
      'POST',
      'http://127.0.0.1:3000/api/v1/properties/019aa3c5-2f4e-7b1d-9c60-5e8f0a7d3b21/bookings',
      '-H',
      'Authorization: Bearer ik_secret',
      '-H',
      'Idempotency-Key: key',
      '-H',
    ]);
    expect(JSON.parse(given.at(-2) ?? '')).toMatchObject({ arrival: '2027-05-14', notes: `It's "late" & $HOME` });
  });

  it('gives a query encoded, required values and those with an example', () => {
    const line = curlOf('GET', '/api/v1/availability', operation('get', '/availability'), document.components.schemas);
    expect(argumentsOf(line).slice(0, -1)).toEqual([
      '-G',
      'http://127.0.0.1:3000/api/v1/availability',
      '--data-urlencode',
      'arrival=2027-05-14',
      '--data-urlencode',
      'parties=[{"adults":2}]',
    ]);
  });
});

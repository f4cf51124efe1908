import { expect, test } from 'vitest';
import { schemasOf } from '../../chart/schemas/crd-schema.ts';

const schemaWith = (spec: unknown): unknown => {
  const openAPIV3Schema = { type: 'object', properties: { spec } };
  const [found] = schemasOf({
    kind: 'CustomResourceDefinition',
    spec: { group: 'example.com', names: { kind: 'Thing' }, versions: [{ name: 'v1', schema: { openAPIV3Schema } }] },
  });
  return found?.schema.properties;
};

test('fields that are not known are refused, at every level', () => {
  const inner = { type: 'object', properties: { name: { type: 'string' } } };
  expect(schemaWith({ type: 'object', properties: { list: { type: 'array', items: inner } } })).toEqual({
    spec: {
      type: 'object',
      properties: { list: { type: 'array', items: { ...inner, additionalProperties: false } } },
      additionalProperties: false,
    },
  });
});

test('a field may be called like a word of the schema', () => {
  const properties = { properties: { type: 'string' }, items: { type: 'integer' } };
  expect(schemaWith({ type: 'object', properties })).toEqual({
    spec: { type: 'object', properties, additionalProperties: false },
  });
});

test.for<[what: string, given: object, made: object]>([
  ['maps', { additionalProperties: { type: 'string' } }, { additionalProperties: { type: 'string' } }],
  [
    'what is to stay as it is',
    { 'x-kubernetes-preserve-unknown-fields': true, properties: {} },
    { 'x-kubernetes-preserve-unknown-fields': true, properties: {} },
  ],
  ['objects that nothing is said of', { type: 'object' }, { type: 'object' }],
  ['null where it may be', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
  [
    'numbers or text',
    { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
    {
      'x-kubernetes-int-or-string': true,
      anyOf: [{ type: 'integer' }, { type: 'string' }],
      type: ['integer', 'string'],
    },
  ],
])('%s are taken', ([, given, made]) => {
  expect(schemaWith(given)).toEqual({ spec: made });
});

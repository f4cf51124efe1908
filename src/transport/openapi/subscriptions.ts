import type { AnyTRPCRouter } from '@trpc/server';
import { z } from 'zod';
import type { ProcedureMeta } from '../trpc/meta.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Conversion } from './schema-conversion.ts';

/** A subscription, which has no REST form, with its schemas as JSON Schema. */
export interface Subscription {
  /** `bookings.changes` */
  procedurePath: string;
  summary: string;
  description: string | undefined;
  input: JsonSchema;
  /** Of the data that comes with each id. */
  item: JsonSchema;
}

interface Definition {
  type: string;
  meta?: ProcedureMeta;
  inputs: unknown[];
}

/** The subscriptions of a router: their schemas, to be converted together with all others, and what they become. */
export const readSubscriptions = (router: AnyTRPCRouter) => {
  const found = Object.entries(router._def.procedures as Record<string, { _def: Definition }>).flatMap(
    ([procedurePath, { _def }]) => {
      const { type, meta, inputs } = _def;
      if (type !== 'subscription') return [];
      const [input] = inputs;
      if (!meta?.stream || inputs.length !== 1 || !(input instanceof z.ZodType)) {
        throw new Error(`${procedurePath} is a subscription without one zod schema as input or without a description`);
      }
      return [{ procedurePath, stream: meta.stream, input }];
    },
  );
  const conversions: Conversion[] = found.flatMap(({ procedurePath, stream, input }) => [
    { owner: `the input of ${procedurePath}`, io: 'input', schema: input },
    { owner: `the data of ${procedurePath}`, io: 'output', schema: stream.item },
  ]);
  const describe = (schemas: JsonSchema[]): Subscription[] =>
    found.map(({ procedurePath, stream: { summary, description } }, index) => ({
      ...{ procedurePath, summary, description },
      input: schemas[2 * index] ?? {},
      item: schemas[2 * index + 1] ?? {},
    }));
  return { conversions, describe };
};

import type { z } from 'zod';

declare const PRIVATE: unique symbol;

/** A schema of data that must not be kept beside where it belongs: its values are as ever. */
export type Private<Schema> = Schema & { readonly [PRIVATE]: true };

type Defined = { _zod: { def: { private?: boolean } } };

const markPrivate = <Schema extends z.ZodType>(schema: Schema): Private<Schema> => {
  // In its definition, which whatever is derived from it has too.
  (schema as unknown as Defined)._zod.def.private = true;
  return schema as Private<Schema>;
};

/** Marks what tells of a person: names, addresses, numbers, words about them. */
export const personal: <Schema extends z.ZodType>(schema: Schema) => Private<Schema> = markPrivate;

/** Marks what tells of a means of payment or of what was paid by it. */
export const payment: <Schema extends z.ZodType>(schema: Schema) => Private<Schema> = markPrivate;

type AnyOf<Schemas> = true extends { [Name in keyof Schemas]: HoldsPrivate<Schemas[Name]> }[keyof Schemas]
  ? true
  : false;

/** `true` for a schema with a private one anywhere in it. */
export type HoldsPrivate<Schema> = Schema extends { readonly [PRIVATE]: true }
  ? true
  : Schema extends z.ZodObject<infer Shape>
    ? AnyOf<Shape>
    : Schema extends z.ZodArray<infer Inner>
      ? HoldsPrivate<Inner>
      : Schema extends z.ZodUnion<infer Options>
        ? true extends HoldsPrivate<Options[number]>
          ? true
          : false
        : Schema extends z.ZodRecord<infer _Key, infer Value>
          ? HoldsPrivate<Value>
          : Schema extends z.ZodPipe<infer In, infer Out>
            ? AnyOf<{ in: In; out: Out }>
            : Schema extends
                  | z.ZodOptional<infer Inner>
                  | z.ZodNullable<infer Inner>
                  | z.ZodDefault<infer Inner>
                  | z.ZodReadonly<infer Inner>
              ? HoldsPrivate<Inner>
              : false;

/** What nothing is assignable to where `Schema` has private fields, and everything elsewhere. */
export type WithoutPrivate<Schema> =
  HoldsPrivate<Schema> extends true ? 'An answer with personal or payment data must not be kept.' : unknown;

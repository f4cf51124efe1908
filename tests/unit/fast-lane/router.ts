import type { ServerResponse } from 'node:http';
import { initTRPC, lazy, type TRPCDataTransformer, TRPCError, type TRPCPathSeparator, tracked } from '@trpc/server';
import { octetInputParser } from '@trpc/server/http';
import { z } from 'zod';

export interface TestContext {
  user: string;
  response: ServerResponse;
  /** Called with the signal of each call of `waiting` and `later`. */
  onSignal: (signal: AbortSignal | undefined) => void;
}

export interface RouterOptions {
  transformer?: TRPCDataTransformer;
  pathSeparator?: TRPCPathSeparator;
}

const CODES = ['NOT_FOUND', 'UNAUTHORIZED', 'CONFLICT', 'TOO_MANY_REQUESTS', 'PARSE_ERROR', 'NOT_IMPLEMENTED'] as const;

/** A bit of everything that a procedure can do to its answer. */
export const createTestRouter = (options: RouterOptions) => {
  const t = initTRPC.context<TestContext>().create({
    isDev: false,
    ...options,
    errorFormatter: ({ shape, error, type, path, input, ctx }) => {
      if (error.message.includes('unformattable')) throw new Error('unformattable too');
      if (error.message.includes('formatter-once') && path) throw new Error('the formatter failed');
      const data = { ...shape.data, type, seenPath: path, seenInput: input, user: ctx?.user, cause: error.cause?.name };
      return error.message.includes('no data') ? { ...shape, data: undefined } : { ...shape, data };
    },
  });
  const { procedure } = t;
  const failing = (thrown: () => unknown) =>
    procedure.query(() => {
      throw thrown();
    });
  const circular: { self?: unknown } = {};
  circular.self = circular;

  return t.router({
    echo: procedure.input(z.unknown()).query(({ input, ctx }) => ({ input, user: ctx.user })),
    strict: procedure
      .input(z.strictObject({ city: z.string().min(2), adults: z.int().min(1).max(9).default(1) }))
      .query(({ input }) => `${input.adults} in ${input.city}`),
    noInput: procedure.query(({ batchIndex }) => ({ batchIndex })),
    later: procedure.input(z.unknown()).query(async ({ input, path, signal, ctx }) => {
      ctx.onSignal(signal);
      await new Promise(setImmediate);
      return { input, path };
    }),
    nothing: procedure.query(() => undefined),
    nil: procedure.query(() => null),
    list: procedure.query(() => [1, 'zwei', null, undefined, Number.NaN, { a: undefined }]),
    text: procedure.query(() => 'Gänsefüßchen "€" \u2028 😀 \ud800 </script>'),
    date: procedure.query(() => ({ at: new Date(0), toJSON: undefined })),
    large: procedure.query(() => 'x'.repeat(200_000)),
    circular: procedure.query(() => circular),
    bigint: procedure.query(() => 1n),
    promise: procedure.query(() => ({ later: Promise.resolve(1) })),
    functions: procedure.query(() => ({ fn: () => 1, catch: 1 })),
    iterable: procedure.query(async function* () {
      yield 1;
    }),
    innerIterable: procedure.query(() => ({ items: (async function* () {})() })),
    error: failing(() => new Error('broken "pipe"')),
    unformattable: failing(() => new Error('unformattable')),
    formatterOnce: failing(() => new Error('formatter-once')),
    noData: failing(() => new TRPCError({ code: 'FORBIDDEN', message: 'no data' })),
    string: failing(() => 'a string'),
    undefinedThrown: failing(() => undefined),
    object: failing(() => ({ code: 'NOT_FOUND', message: 'no error at all' })),
    code: procedure
      .input(z.object({ code: z.enum(CODES) }))
      .query(({ input }) => Promise.reject(new TRPCError({ code: input.code, message: `it is ${input.code}` }))),
    badOutput: procedure.output(z.number()).query(() => 'x' as never),
    ownFormatter: procedure
      .errors(({ shape }) => ({ ...shape, message: 'formatted by the procedure' }))
      .query(() => {
        throw new Error('own');
      }),
    created: procedure.query(({ ctx }) => {
      ctx.response.statusCode = 201;
      ctx.response.setHeader('x-set-inside', 'yes');
      return 'created';
    }),
    ended: procedure.query(({ ctx }) => void ctx.response.end('ended by itself')),
    noResult: procedure.use((() => undefined) as never).query(() => 1),
    waiting: procedure.query(async ({ signal, ctx }) => {
      ctx.onSignal(signal);
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    }),
    save: procedure.input(z.object({ name: z.string() })).mutation(({ input }) => ({ saved: input.name })),
    saveNothing: procedure.mutation(() => 'done'),
    saveFails: procedure.input(z.unknown()).mutation(({ input }) => {
      throw new TRPCError({ code: 'CONFLICT', message: `taken: ${JSON.stringify(input)}` });
    }),
    form: procedure.input(z.instanceof(FormData)).mutation(({ input }) => Object.fromEntries(input)),
    octets: procedure.input(octetInputParser).mutation(async ({ input }) => new Response(input).text()),
    ticks: procedure
      .input(z.object({ lastEventId: z.string().optional() }).optional())
      .subscription(async function* () {
        yield tracked('1', 'tick');
        yield tracked('2', 'tock');
      }),
    nested: t.router({ deep: { er: procedure.input(z.string().optional()).query(({ input }) => input ?? 'deep') } }),
    constructor: procedure.query(() => 'named like an inherited property'),
    lazy: lazy(async () => t.router({ late: procedure.input(z.unknown()).query(({ input }) => ({ late: input })) })),
  });
};

export type TestRouter = ReturnType<typeof createTestRouter>;

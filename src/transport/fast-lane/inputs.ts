import { TRPCError } from '@trpc/server';

/** The inputs of a request's calls. */
export interface Inputs {
  /** Reads all of them when the first is asked for; rejects with a TRPCError, the same for each call. */
  read(index: number): Promise<unknown>;
  /** A call's input as text of JSON: as it was sent where that is the whole text, else as this process would write it. */
  text(index: number): Promise<string>;
  /** What `read` has found; undefined until then. */
  known(index: number): unknown;
}

export interface InputsOptions {
  /** Empty where the request has none. */
  text: () => string | Promise<string>;
  /** How many calls a batch has; null for a single call. */
  batchOf: number | null;
  deserialize: (input: unknown) => unknown;
}

type ByIndex = Readonly<Record<number, unknown>>;

const isRecord = (value: unknown): value is ByIndex =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parse = (text: string, { batchOf, deserialize }: InputsOptions): ByIndex => {
  if (text === '') return {};
  const sent: unknown = JSON.parse(text);
  if (batchOf === null) return { 0: deserialize(sent) };
  if (!isRecord(sent)) {
    throw new TRPCError({ code: 'BAD_REQUEST', message: '"input" needs to be an object when doing a batch call' });
  }
  const inputs: Record<number, unknown> = {};
  for (let index = 0; index < batchOf; index++) {
    if (sent[index] !== undefined) inputs[index] = deserialize(sent[index]);
  }
  return inputs;
};

const toBadRequest = (cause: unknown): TRPCError =>
  cause instanceof TRPCError
    ? cause
    : new TRPCError({
        code: 'BAD_REQUEST',
        message: cause instanceof Error ? cause.message : 'Invalid input',
        cause,
      });

export const lazyInputs = (options: InputsOptions): Inputs => {
  let text: string | Promise<string> | undefined;
  let reading: Promise<ByIndex> | undefined;
  let inputs: ByIndex | undefined;
  const textOnce = (): string | Promise<string> => {
    text ??= options.text();
    return text;
  };
  const load = async (): Promise<ByIndex> => {
    try {
      inputs = parse(await textOnce(), options);
      return inputs;
    } catch (cause) {
      throw toBadRequest(cause);
    }
  };
  const read = async (index: number): Promise<unknown> => {
    reading ??= load();
    return (inputs ?? (await reading))[index];
  };
  return {
    read,
    async text(index) {
      if (options.batchOf !== null) return JSON.stringify(await read(index)) ?? '';
      try {
        return await textOnce();
      } catch (cause) {
        throw toBadRequest(cause);
      }
    },
    known: (index) => inputs?.[index],
  };
};

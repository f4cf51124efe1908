import type {
  AnyTRPCProcedure,
  inferProcedureInput,
  inferProcedureOutput,
  inferRouterInputs,
  inferRouterOutputs,
  TRPCBuiltRouter,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCSubscriptionProcedure,
} from '@trpc/server';
import type { AppRouter as ServerRouter, WebhookMessages } from '../compose.ts';
import type { ErrorShape } from './error-shape.ts';

// The build puts a module in this one's place that names the same types without the server.

type KeyOptional<Input> = Input extends { idempotencyKey: string }
  ? Omit<Input, 'idempotencyKey'> & { idempotencyKey?: string | undefined }
  : Input;

type Types<Procedure extends AnyTRPCProcedure> = {
  input: KeyOptional<inferProcedureInput<Procedure>>;
  output: inferProcedureOutput<Procedure>;
  meta: object;
};

/** Each event as the client gives it: under the id to go on from. */
type Events<Procedure extends AnyTRPCProcedure> =
  inferProcedureOutput<Procedure> extends AsyncIterable<infer Event> ? AsyncIterable<Event> : never;

type Contract<Routes> = {
  [Name in keyof Routes]: Routes[Name] extends AnyTRPCProcedure
    ? Routes[Name]['_def']['type'] extends 'mutation'
      ? TRPCMutationProcedure<Types<Routes[Name]>>
      : Routes[Name]['_def']['type'] extends 'subscription'
        ? TRPCSubscriptionProcedure<Omit<Types<Routes[Name]>, 'output'> & { output: Events<Routes[Name]> }>
        : TRPCQueryProcedure<Types<Routes[Name]>>
    : Contract<Routes[Name]>;
};

type Agreed<Shape extends ErrorShape> = [Shape] extends [ErrorShape] ? ErrorShape : never;

/** The API as clients see it: as the server's, only that the client makes idempotency keys where they are left out. */
export type AppRouter = TRPCBuiltRouter<
  {
    ctx: object;
    meta: object;
    errorShape: Agreed<ServerRouter['_def']['_config']['$types']['errorShape']>;
    transformer: false;
  },
  Contract<ServerRouter['_def']['record']>
>;

export type { WebhookMessages } from '../compose.ts';
export type WebhookMessage = WebhookMessages[keyof WebhookMessages];

export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;

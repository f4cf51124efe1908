import type { ServerResponse } from 'node:http';
import { type AnyTRPCRouter, getTRPCErrorFromUnknown, getTRPCErrorShape } from '@trpc/server';
import type { ErrorFacts } from './answer.ts';

/** For an error formatter that throws: says nothing of what it would have hidden. */
const UNFORMATTED = {
  code: -32603,
  message: 'Internal server error',
  data: { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500 },
};

/** Answers for what can't even be refused in the usual way, as when the error formatter throws. */
export const giveUp = (
  router: AnyTRPCRouter,
  response: ServerResponse,
  cause: unknown,
  onError: (facts: ErrorFacts<never>) => void,
): void => {
  const { _config: config } = router._def;
  const error = getTRPCErrorFromUnknown(cause);
  const facts = { error, type: 'unknown', path: undefined, input: undefined, ctx: undefined } as const;
  let shape = UNFORMATTED;
  try {
    shape = getTRPCErrorShape({ config, ...facts });
  } catch {
    // The answer must not wait for an error formatter that works.
  }
  onError(facts);
  if (response.headersSent) {
    response.end();
    return;
  }
  response.statusCode = shape.data.httpStatus;
  response.end(JSON.stringify({ error: config.transformer.output.serialize(shape) }));
};

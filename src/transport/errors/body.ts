import { z } from 'zod';

/** What every failed request answers, over REST and inside tRPC errors alike. */
export const errorBody = z
  .strictObject({
    error: z.strictObject({
      code: z.string().meta({ description: 'Stable; made for programs.', examples: ['INVALID_INPUT'] }),
      message: z.string().meta({
        description: 'Says what to do; made for people, may change.',
        examples: ['Some fields are not valid.'],
      }),
      retryable: z.boolean().meta({ description: 'True when sending the same request again can succeed.' }),
      fields: z
        .array(
          z.strictObject({
            path: z.string().meta({ description: 'Dotted path into the input.', examples: ['lines.0.arrival'] }),
            message: z.string().meta({ examples: ['Not a date of the form YYYY-MM-DD.'] }),
          }),
        )
        .optional()
        .meta({ description: 'The fields that failed, where the error is about fields.' }),
      details: z
        .record(z.string(), z.unknown())
        .optional()
        .meta({ description: 'Facts for the calling program, by code: shortages, allowed moves.', examples: [{}] }),
      requestId: z.string().meta({ description: 'The same as the header X-Request-Id.' }),
    }),
  })
  .meta({ id: 'Error' });

export type ErrorBody = z.infer<typeof errorBody>;

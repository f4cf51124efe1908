import { z } from 'zod';

/** What the shapes of this API share. */
export const count = z.int().min(0);
export const figure = z.number().min(0);
export const milliseconds = z.number().min(0);
export const bytes = z.number().min(0);
export const share = z.number().min(0).max(1);
export const pod = z
  .string()
  .meta({ description: 'The process that answers (PROCESS_NAME): the figures are its own.' });

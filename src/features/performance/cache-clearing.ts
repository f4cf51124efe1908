import { z } from 'zod';
import { CACHE_TYPES } from '../../platform/cache/index.ts';
import { count, pod } from './shapes.ts';

/** What is to be dropped: one of the three. */
export const clearInput = z
  .strictObject({
    tag: z.string().min(1).max(200).optional().meta({ description: 'What depends on it, like `property:ID`.' }),
    type: z.enum(CACHE_TYPES).optional().meta({ description: 'All answers of this type, of every tenant.' }),
    all: z.literal(true).optional().meta({ description: 'Everything, of every tenant.' }),
  })
  .refine((input) => Object.values(input).filter((value) => value !== undefined).length === 1, {
    error: 'Give one of tag, type and all.',
  });
export type ClearInput = z.infer<typeof clearInput>;

export const cleared = z
  .strictObject({
    host: pod,
    memory: count.meta({
      description: 'Answers dropped from the memory of the process that answers; others keep theirs.',
    }),
    redis: count.nullable().meta({
      description:
        'Keys dropped from Redis. Null where none is used or it did not answer, and for a tag, which is marked as changed there instead.',
    }),
  })
  .meta({ id: 'ClearedCache' });
export type Cleared = z.infer<typeof cleared>;

/** As it stands in the log and the audit: a tag's id is somebody's. */
export const clearingName = ({ tag, type }: ClearInput): string => {
  if (tag !== undefined) return 'clear cache: a tag';
  return type === undefined ? 'clear cache: all' : `clear cache: type ${type}`;
};

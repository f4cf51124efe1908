import { z } from 'zod';
import { ALL_PERMISSIONS, PUBLISHABLE_PERMISSIONS } from '../../kernel/permissions.ts';
import { id, instant, pageInput, pageOf, text } from '../../kernel/wire.ts';
import { idempotencyKey } from '../commands/index.ts';

const permissions = z
  .array(z.enum(ALL_PERMISSIONS))
  .min(1, 'Name at least one permission.')
  .max(ALL_PERMISSIONS.length)
  .refine((all) => new Set(all).size === all.length, 'Name each permission once.');

const kind = z
  .enum(['secret', 'publishable'])
  .meta({ description: `A publishable key may stand in a web page and hold ${PUBLISHABLE_PERMISSIONS.join(', ')}.` });

const fields = {
  id,
  name: z.string(),
  kind,
  prefix: z.string().meta({ description: 'The part of the key between its underscores; tells keys apart.' }),
  permissions: z.array(z.string()),
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable().meta({ description: 'To the minute.' }),
  revokedAt: instant.nullable(),
  createdAt: instant,
};

export const apiKey = z.strictObject(fields).meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof apiKey>;

export const createdApiKey = z
  .strictObject({
    ...fields,
    secret: z.string().nullable().meta({
      description: 'The key itself. It is shown this once and not kept: the answer to a retry has null here.',
    }),
  })
  .meta({ id: 'CreatedApiKey' });
export type CreatedApiKey = z.infer<typeof createdApiKey>;

export const createApiKeyInput = z.strictObject({
  name: text(100),
  kind: kind.default('secret'),
  permissions,
  expiresAt: instant.optional().meta({ description: 'From then on the key is refused; never, unless given.' }),
  idempotencyKey,
});
export type CreateApiKeyInput = z.infer<typeof createApiKeyInput>;

export const revokeApiKeyInput = z.strictObject({ apiKeyId: id, idempotencyKey });
export type RevokeApiKeyInput = z.infer<typeof revokeApiKeyInput>;

export const listApiKeysInput = z.strictObject({ ...pageInput });
export type ListApiKeysInput = z.infer<typeof listApiKeysInput>;

export const apiKeyPage = pageOf(apiKey).meta({ id: 'ApiKeyPage' });

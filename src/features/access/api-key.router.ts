import { procedure, router } from '../../transport/trpc/procedures.ts';
import {
  apiKey,
  apiKeyPage,
  createApiKeyInput,
  createdApiKey,
  listApiKeysInput,
  revokeApiKeyInput,
} from './api-key.schemas.ts';
import type { ApiKeyService } from './api-key.service.ts';

export const createApiKeyRouter = (service: ApiKeyService) =>
  router({
    create: procedure('apiKeys:manage', {
      method: 'POST',
      path: '/api-keys',
      summary: 'Make an API key',
      description: 'A key never may do more than its maker.',
      successStatus: 201,
    })
      .input(createApiKeyInput)
      .output(createdApiKey)
      .mutation(({ ctx, input }) => service.create(ctx, input)),

    revoke: procedure('apiKeys:manage', {
      method: 'POST',
      path: '/api-keys/{apiKeyId}/revoke',
      summary: 'Revoke an API key, at once and for good',
    })
      .input(revokeApiKeyInput)
      .output(apiKey)
      .mutation(({ ctx, input }) => service.revoke(ctx, input)),

    list: procedure('apiKeys:read', { method: 'GET', path: '/api-keys', summary: 'API keys, oldest first' })
      .input(listApiKeysInput)
      .output(apiKeyPage)
      .query(({ ctx, input }) => service.list(ctx, input)),
  });

import express from 'express';
import { createDocsHandler } from './docs/docs-handler.ts';
import { type ApiInfo, buildDocument, type OpenApiDocument, type WebhookMessage } from './document.ts';
import { readOperations } from './operations.ts';
import { createRestHandler, type RestOptions } from './rest-handler.ts';

export interface OpenApiOptions extends RestOptions {
  info: ApiInfo;
  /** Where `handler` is mounted; `/api/v1` unless given. */
  basePath?: string;
  /** What the server sends to webhook endpoints. */
  webhooks?: readonly WebhookMessage[];
  /** A line under each heading of the reference. */
  tagDescriptions?: Record<string, string>;
}

/**
 * Serves the procedures of a router over REST and describes them. `routes`, mounted at the root, is `handler` at `basePath`
 * and `docs`, which answers `/openapi.json`, `/docs` and its files; all else is passed on. Throws at once for procedures that
 * cannot be served or described.
 */
export const createOpenApi = (options: OpenApiOptions) => {
  const { info, basePath = '/api/v1', tagDescriptions = {}, webhooks = [] } = options;
  const { operations, components } = readOperations(options.router);
  const document: OpenApiDocument = buildDocument(operations, components, {
    info,
    basePath,
    tagDescriptions,
    webhooks,
  });
  const handler = createRestHandler(operations, components, options);
  const docs = createDocsHandler(document);
  const routes = express.Router().use(basePath, handler).use(docs);
  return { document, handler, docs, routes };
};

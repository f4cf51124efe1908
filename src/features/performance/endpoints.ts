import { clearInput } from './cache-clearing.ts';
import type { Performance } from './service.ts';

const OPERATOR = { name: 'admin port', tenant: null };

/** The same API for the admin port, by path: what is read, and what is done with a body of JSON. */
export const performanceEndpoints = (performance: Performance) => ({
  read: {
    '/performance/status': performance.status,
    '/performance/metrics': performance.metrics,
    '/performance/alerts': performance.alerts,
    '/performance/database/pool': performance.databasePool,
    '/performance/cache': performance.cache,
    '/performance/memory': performance.memory,
    '/performance/queries': performance.queries,
    '/performance/async': performance.async,
  },
  manage: {
    '/performance/cache/clear': (body: unknown) => performance.clearCache(clearInput.parse(body), OPERATOR),
    '/performance/memory/gc': () => performance.collectGarbage(OPERATOR),
  },
});

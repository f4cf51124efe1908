import { AppError } from '../../kernel/app-error.ts';
import { procedure, router } from '../../transport/trpc/procedures.ts';
import type { Commands } from '../commands/index.ts';
import { alertFigures } from './alerts.ts';
import { cleared, clearInput, clearingName } from './cache-clearing.ts';
import { cacheFigures } from './cache-figures.ts';
import { collected } from './collect-garbage.ts';
import { memoryFigures } from './memory-figures.ts';
import { queryFigures } from './query-figures.ts';
import type { Performance } from './service.ts';
import { asyncFigures, metricFigures, poolFigures, scrapeText, statusFigures } from './status-figures.ts';

const read = (path: `/${string}`, summary: string) =>
  procedure('performance:read', { method: 'GET', path: `/performance${path}`, summary });

const manage = (path: `/${string}`, summary: string) =>
  procedure('performance:manage', { method: 'POST', path: `/performance${path}`, summary });

const operatorsOnly = () =>
  new AppError(
    'forbidden',
    'OPERATORS_ONLY',
    'This concerns all tenants. Ask on the admin port, or start the server with PERFORMANCE_API_FOR_OWNERS=true where all tenants are yours.',
  );

export interface PerformanceRouterSettings {
  /** Whether any tenant's owner may see and do what concerns all tenants. */
  forOwners: boolean;
}

/**
 * How the process that answers does; nothing of any tenant. What is done to it is audited. What concerns all tenants together is
 * refused with `OPERATORS_ONLY` unless it is for owners.
 */
export const createPerformanceRouter = (
  performance: Performance,
  commands: Commands,
  { forOwners }: PerformanceRouterSettings,
) => {
  const assertForOwners = (): void => {
    if (!forOwners) throw operatorsOnly();
  };
  const unlessForOperators =
    <Told>(tell: () => Told) =>
    (): Told => {
      assertForOwners();
      return tell();
    };
  return router({
    status: read('/status', 'How the process that answers does').output(statusFigures).query(performance.status),
    metrics: read('/metrics', 'Its main figures').output(metricFigures).query(performance.metrics),
    prometheus: read('/metrics/prometheus', 'All its metrics as Prometheus scrapes them')
      .output(scrapeText)
      .query(unlessForOperators(performance.prometheus)),
    alerts: read('/alerts', 'What Alertmanager or Prometheus says that fires')
      .output(alertFigures)
      .query(unlessForOperators(performance.alerts)),
    databasePool: read('/database/pool', 'Its connections to the databases')
      .output(poolFigures)
      .query(performance.databasePool),
    cache: read('/cache', 'What the cache of the process that answers holds and earns')
      .output(cacheFigures)
      .query(performance.cache),
    memory: read('/memory', 'Its memory, and what calls use').output(memoryFigures).query(performance.memory),
    queries: read('/queries', 'Its slowest and most frequent statements')
      .output(queryFigures)
      .query(unlessForOperators(performance.queries)),
    async: read('/async', 'What waits and runs in the background')
      .output(asyncFigures)
      .query(unlessForOperators(performance.async)),
    clearCache: manage('/cache/clear', 'Drop what is kept: of a tag of this tenant, of a type, or all')
      .input(clearInput)
      .output(cleared)
      .mutation(async ({ ctx, input }) => {
        if (input.tag === undefined) assertForOwners();
        const { id, tenant } = ctx.principal;
        await commands.runWithoutKey(ctx, 'performance.clearCache', async ({ audit }) =>
          audit({ entity: 'process', entityId: tenant, after: { operation: clearingName(input) } }),
        );
        return performance.clearCache(input, { name: id, tenant });
      }),
    collectGarbage: manage('/memory/gc', 'Collect garbage in the process that answers')
      .output(collected)
      .mutation(async ({ ctx }) => {
        assertForOwners();
        const { id, tenant } = ctx.principal;
        await commands.runWithoutKey(ctx, 'performance.collectGarbage', async ({ audit }) =>
          audit({ entity: 'process', entityId: tenant, after: { operation: 'collect garbage' } }),
        );
        return performance.collectGarbage({ name: id, tenant });
      }),
  });
};

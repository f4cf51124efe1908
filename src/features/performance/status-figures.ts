import { z } from 'zod';
import { mainFigures } from './figures/main-figures.ts';
import { bytes, count, figure, milliseconds, pod } from './shapes.ts';

export const statusFigures = z
  .strictObject({
    host: pod,
    version: z.string(),
    nodeVersion: z.string(),
    startedAt: z.string(),
    uptimeSeconds: figure,
    ready: z.boolean(),
    reasons: z.array(z.string()).meta({ description: 'Why it is not ready.' }),
    eventLoop: mainFigures.shape.eventLoop.nullable(),
    work: mainFigures.shape.work,
  })
  .meta({ id: 'StatusFigures' });
export type StatusFigures = z.infer<typeof statusFigures>;

export const metricFigures = z
  .strictObject({ host: pod, figures: mainFigures.nullable().meta({ description: 'Null where nothing is measured.' }) })
  .meta({ id: 'MetricFigures' });
export type MetricFigures = z.infer<typeof metricFigures>;

export const scrapeText = z.strictObject({ host: pod, text: z.string().nullable() }).meta({ id: 'ScrapeText' });

export const poolFigures = z
  .strictObject({
    host: pod,
    pools: mainFigures.shape.pools,
    acquireP95Ms: milliseconds
      .nullable()
      .meta({ description: 'Until a connection was given out, since the process began.' }),
    primary: z
      .boolean()
      .nullable()
      .meta({ description: 'Whether the primary answers; null where nothing is measured.' }),
    replicas: mainFigures.shape.replicas,
  })
  .meta({ id: 'PoolFigures' });
export type PoolFigures = z.infer<typeof poolFigures>;

const waiting = z.strictObject({ count, oldestSeconds: figure });

export const asyncFigures = z
  .strictObject({
    host: pod,
    counted: z
      .strictObject({
        jobs: waiting,
        outbox: waiting.meta({ description: 'Tenants with events that a consumer has not handled.' }),
        deliveries: waiting.meta({ description: 'Webhook deliveries that could be sent now.' }),
        endpointsFailing: count,
        holdsExpired: waiting,
        databaseBytes: bytes,
      })
      .nullable()
      .meta({ description: 'What the database counts for all processes; null where it does not answer.' }),
    eventLoop: mainFigures.shape.eventLoop.nullable(),
    work: mainFigures.shape.work,
  })
  .meta({ id: 'AsyncFigures' });
export type AsyncFigures = z.infer<typeof asyncFigures>;

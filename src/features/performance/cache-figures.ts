import { z } from 'zod';
import { CACHE_TYPES, type CacheStats } from '../../platform/cache/index.ts';

const count = z.int().min(0);
const milliseconds = z.number().min(0);

const typeFigures = z
  .strictObject({
    type: z.enum(CACHE_TYPES),
    hits: count.meta({ description: 'Answers that were kept, in whichever tier.' }),
    misses: count,
    stale: count.meta({ description: 'Old answers in place of a source that failed.' }),
    warmed: count.meta({ description: 'Look-ups ahead of any request.' }),
    fills: count,
    fillMs: milliseconds.meta({ description: 'What the fills took together.' }),
    savedMs: milliseconds.meta({ description: 'What the hits would have taken at the mean cost of a fill.' }),
    invalidated: count,
    memory: z.strictObject({ hits: count, entries: count, bytes: count, evicted: count }),
    shared: z
      .strictObject({
        hits: count,
        misses: count,
        refused: count.meta({ description: 'Found, but not certain to be new enough.' }),
        stored: count,
        storedBytes: count.meta({ description: 'Compressed.' }),
      })
      .nullable(),
    ttlMs: milliseconds.meta({ description: 'How long answers live now; adapted between the bounds.' }),
    leastTtlMs: milliseconds,
    mostTtlMs: milliseconds,
  })
  .meta({ id: 'CacheTypeFigures' });

export const cacheFigures = z
  .strictObject({
    host: z.string().meta({ description: 'The process that answers: figures are its own, since it began.' }),
    memory: z.strictObject({ entries: count, bytes: count, mostBytes: count }).nullable(),
    shared: z
      .strictObject({
        breaker: z.enum(['closed', 'open']).meta({ description: 'Open while Redis does not answer.' }),
        errors: count,
      })
      .nullable(),
    types: z.array(typeFigures),
  })
  .meta({ id: 'CacheFigures' });
export type CacheFigures = z.infer<typeof cacheFigures>;

const saved = ({ hit, fills, fillMs }: CacheStats['types']['search']): number => (fills ? (hit * fillMs) / fills : 0);

/** What a process' cache holds and earns; nothing of any tenant. Without `stats` nothing is kept. */
export const cacheFiguresOf = (host: string, stats: CacheStats | null): CacheFigures => ({
  host,
  memory: stats?.memory ?? null,
  shared: stats?.shared ? { breaker: stats.shared.answers ? 'closed' : 'open', errors: stats.shared.errors } : null,
  types: !stats
    ? []
    : CACHE_TYPES.map((type) => {
        const figures = stats.types[type];
        const { hit, fromMemory, miss, stale, warmed, fills, fillMs, invalidated, memory, shared, ttl } = figures;
        return {
          ...{ type, hits: hit, misses: miss, stale, warmed, fills, fillMs, savedMs: saved(figures), invalidated },
          memory: { hits: fromMemory, ...memory },
          shared: shared && {
            ...{ hits: shared.hit, misses: shared.miss, refused: shared.refused },
            ...{ stored: shared.stored, storedBytes: shared.storedBytes },
          },
          ...{ ttlMs: ttl.nowMs, leastTtlMs: ttl.leastMs, mostTtlMs: ttl.mostMs },
        };
      }),
});

import { z } from 'zod';
import type { MissingIndex } from '../../platform/db/analysis/missing-indexes.ts';
import { maskSql } from '../../platform/telemetry/sql-mask.ts';
import { REPEATS, type StatementKind } from '../../platform/telemetry/statement-table.ts';
import { count, milliseconds, pod } from './shapes.ts';

const MOST = 20;

const statement = z
  .strictObject({
    fingerprint: z
      .string()
      .meta({ description: 'As in the log: the same for statements that differ in literals only.' }),
    text: z.string().meta({ description: 'Without literals.' }),
    calls: count,
    onReplicas: count,
    totalMs: milliseconds,
    meanMs: milliseconds,
    maxMs: milliseconds,
  })
  .meta({ id: 'StatementFigures' });

export const queryFigures = z
  .strictObject({
    host: pod,
    kinds: count.meta({ description: 'Kinds of statements that are remembered, 500 at most: those that ran last.' }),
    slowest: z.array(statement).meta({ description: 'By their mean time.' }),
    mostFrequent: z.array(statement),
    repeated: z
      .array(z.strictObject({ fingerprint: z.string(), text: z.string(), mostInOne: count, repeatedIn: count }))
      .meta({ description: `Run more than ${REPEATS} times in one request or job: perhaps once a row (N+1).` }),
    suggestedIndexes: z
      .array(
        z.strictObject({
          table: z.string(),
          sequentialScans: count,
          rowsPerScan: count,
          statement: z.string().nullable(),
          because: z.string().nullable(),
        }),
      )
      .nullable()
      .meta({
        description:
          'Guesses from the statistics of all databases, once a minute at most; null where they do not answer.',
      }),
  })
  .meta({ id: 'QueryFigures' });
export type QueryFigures = z.infer<typeof queryFigures>;

const shown = ({ fingerprint, text, calls, onReplicas, totalMs, maxMs }: StatementKind) => ({
  ...{ fingerprint, text, calls, onReplicas, totalMs, meanMs: totalMs / calls, maxMs },
});

/** `indexes` is null where they could not be guessed. */
export const queryFiguresOf = (
  host: string,
  kinds: readonly StatementKind[],
  indexes: readonly MissingIndex[] | null,
): QueryFigures => {
  const all = kinds.map(shown);
  return {
    host,
    kinds: kinds.length,
    slowest: all.toSorted((a, b) => b.meanMs - a.meanMs).slice(0, MOST),
    mostFrequent: all.toSorted((a, b) => b.calls - a.calls).slice(0, MOST),
    repeated: kinds
      .filter(({ mostInOne }) => mostInOne > REPEATS)
      .toSorted((a, b) => b.mostInOne - a.mostInOne)
      .slice(0, MOST)
      .map(({ fingerprint, text, mostInOne, repeatedIn }) => ({ fingerprint, text, mostInOne, repeatedIn })),
    suggestedIndexes:
      indexes?.map(({ because, ...index }) => ({ ...index, because: because && maskSql(because) })) ?? null,
  };
};

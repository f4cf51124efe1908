import { z } from 'zod';
import { type ProcedureSample, SAMPLED_OF } from '../../platform/telemetry/procedure-samples.ts';
import { mainFigures } from './figures/main-figures.ts';
import { count, milliseconds, pod } from './shapes.ts';

const MOST = 30;

export const memoryFigures = z
  .strictObject({
    host: pod,
    memory: mainFigures.shape.memory
      .nullable()
      .meta({ description: 'Null where the process does not measure itself.' }),
    gc: mainFigures.shape.gc,
    byProcedure: z
      .array(
        z.strictObject({
          procedure: z.string(),
          calls: count,
          sampled: count,
          shared: count.meta({
            description: 'Samples during which other calls ran too, whose use is in the figures as well.',
          }),
          meanMs: milliseconds,
          meanCpuMs: milliseconds,
          meanHeapBytes: z.number().min(0).nullable(),
        }),
      )
      .meta({
        description:
          `One of ${SAMPLED_OF} calls of a procedure is looked at: the processor time of the whole process while it ran, and by how ` +
          'much the heap grew. That is the call’s own only where none of the samples is shared, and says what was allocated and not ' +
          'yet collected, not what is kept. Samples in which the heap shrank say nothing about it. Kept answers that need no ' +
          'procedure are not among the calls.',
      }),
  })
  .meta({ id: 'MemoryFigures' });
export type MemoryFigures = z.infer<typeof memoryFigures>;

/** The samples of procedures, those with most processor time first. */
export const byProcedure = (samples: readonly ProcedureSample[]): MemoryFigures['byProcedure'] =>
  samples
    .filter(({ sampled }) => sampled > 0)
    .map(({ procedure, calls, sampled, shared, milliseconds: ms, cpuMs, heapBytes, heapSamples }) => ({
      ...{ procedure, calls, sampled, shared, meanMs: ms / sampled, meanCpuMs: cpuMs / sampled },
      meanHeapBytes: heapSamples ? heapBytes / heapSamples : null,
    }))
    .toSorted((a, b) => b.meanCpuMs * b.calls - a.meanCpuMs * a.calls)
    .slice(0, MOST);

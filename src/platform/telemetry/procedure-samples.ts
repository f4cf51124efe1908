import { getHeapStatistics } from 'node:v8';

/** Of the calls of one procedure that were looked at. */
export interface ProcedureSample {
  procedure: string;
  calls: number;
  sampled: number;
  /** Samples during which other calls ran too: theirs is in the sums as well. */
  shared: number;
  milliseconds: number;
  /** Processor time of the whole process while they ran. */
  cpuMs: number;
  /** By how much the heap grew while they ran; those in which it shrank, for it was collected, are left out. */
  heapBytes: number;
  heapSamples: number;
}

export interface ProcedureSamples {
  /** Called when a call begins; what it answers, when it ends. */
  begin(procedure: string): () => void;
  all(): ProcedureSample[];
}

/** One of so many calls of a procedure is looked at, the first among them. */
export const SAMPLED_OF = 32;
const MOST_PROCEDURES = 300;

const heapUsed = (): number => getHeapStatistics().used_heap_size;

/** Looks at what the process used while some calls ran. */
export const createProcedureSamples = (): ProcedureSamples => {
  const samples = new Map<string, ProcedureSample>();
  let running = 0;
  let began = 0;

  const sampleOf = (procedure: string): ProcedureSample => {
    const name = samples.has(procedure) || samples.size < MOST_PROCEDURES ? procedure : 'other';
    const sample = samples.get(name) ?? {
      ...{ procedure: name, calls: 0, sampled: 0, shared: 0, milliseconds: 0, cpuMs: 0, heapBytes: 0, heapSamples: 0 },
    };
    samples.set(name, sample);
    return sample;
  };

  const look = (sample: ProcedureSample) => {
    const [others, number, heap, startedAt] = [running, began, heapUsed(), performance.now()];
    const cpu = process.cpuUsage();
    return () => {
      const { user, system } = process.cpuUsage(cpu);
      const grown = heapUsed() - heap;
      sample.sampled += 1;
      sample.milliseconds += performance.now() - startedAt;
      sample.cpuMs += (user + system) / 1_000;
      if (others > 1 || began !== number) sample.shared += 1;
      if (grown < 0) return;
      sample.heapBytes += grown;
      sample.heapSamples += 1;
    };
  };

  return {
    begin(procedure) {
      const sample = sampleOf(procedure);
      running += 1;
      began += 1;
      const seen = sample.calls % SAMPLED_OF === 0 ? look(sample) : null;
      sample.calls += 1;
      return () => {
        running -= 1;
        seen?.();
      };
    },
    all: () => [...samples.values()].map((sample) => ({ ...sample })),
  };
};

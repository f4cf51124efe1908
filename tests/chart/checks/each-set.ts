import type { Outcome } from '../check.ts';
import { type ValueSet, valueSets } from '../rendering/value-sets.ts';

/** Looks at each set of values; one that can't be rendered keeps no other from being looked at. */
export const eachSet = (
  find: (set: ValueSet) => Promise<Outcome>,
  among: (set: ValueSet) => boolean = () => true,
): Promise<Outcome[]> =>
  Promise.all(
    valueSets.filter(among).map((set) =>
      find(set).catch((error: unknown) => ({
        name: set.name,
        faults: [error instanceof Error ? error.message : String(error)],
      })),
    ),
  );

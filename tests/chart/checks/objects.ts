import type { Check } from '../check.ts';
import { labelFaults } from '../objects/labels.ts';
import { nameFaults } from '../objects/names.ts';
import { scalerFaults } from '../objects/scalers.ts';
import { selectorFaults } from '../objects/selectors.ts';
import { sizeFaults } from '../objects/sizes.ts';
import { rendered } from '../rendering/value-sets.ts';
import { eachSet } from './each-set.ts';

const rules = [labelFaults, nameFaults, scalerFaults, selectorFaults, sizeFaults];

export const objects: Check = {
  name: 'objects: names, labels, selectors, sizes, replicas beside a scaler',
  programs: ['helm'],
  run: () =>
    eachSet(async (set) => {
      const found = await rendered(set);
      return { name: `${set.name}: ${found.length} objects`, faults: rules.flatMap((faultsOf) => faultsOf(found)) };
    }),
};

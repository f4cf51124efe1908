import type { Check } from '../check.ts';
import { everyValue } from '../refusals/every-value.ts';
import type { Refusal } from '../refusals/refusal.ts';
import { wrongAlone } from '../refusals/wrong-alone.ts';
import { wrongTogether } from '../refusals/wrong-together.ts';
import { template } from '../rendering/helm.ts';
import { overridden } from '../rendering/overridden.ts';
import { valuesOf } from '../rendering/value-sets.ts';

/** Of what Helm says: one validator tells every fault that it finds. */
const MOST_CHARACTERS = 1_000;

const faultsOf = async ({ change, says }: Refusal): Promise<string[]> => {
  const { status, stderr } = await template(overridden(valuesOf('production'), change));
  if (status === 0) return ['It is not refused.'];
  const unsaid = says.filter((words) => !stderr.includes(words)).map((words) => `Nothing is said of: ${words}`);
  return unsaid.length > 0 ? [...unsaid, stderr.trim().slice(0, MOST_CHARACTERS)] : [];
};

export const refusals: Check = {
  name: 'values that can not work are refused, and named',
  programs: ['helm'],
  run: () =>
    Promise.all(
      [...everyValue, ...wrongAlone, ...wrongTogether].map(async (refusal) => ({
        name: refusal.name,
        faults: await faultsOf(refusal),
      })),
    ),
};

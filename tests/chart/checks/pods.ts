import type { Check } from '../check.ts';
import { houseRuleFaults } from '../pods/house-rules.ts';
import { podOf } from '../pods/pod.ts';
import { podSecurityFaults } from '../pods/pod-security.ts';
import { nameOf } from '../rendering/manifest.ts';
import { rendered } from '../rendering/value-sets.ts';
import { eachSet } from './each-set.ts';

export const pods: Check = {
  name: 'pods: restricted Pod Security, and what else each keeps to',
  programs: ['helm'],
  run: () =>
    eachSet(async (set) => {
      const found = (await rendered(set)).flatMap((object) => {
        const pod = podOf(object);
        return pod ? [{ name: nameOf(object), faults: [...podSecurityFaults(pod), ...houseRuleFaults(pod)] }] : [];
      });
      return {
        name: `${set.name}: ${found.length} kinds of pods`,
        faults: found.flatMap(({ name, faults }) => faults.map((fault) => `${name}: ${fault}`)),
      };
    }),
};

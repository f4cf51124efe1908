import { baseline } from './baseline.ts';
import type { Pod } from './pod.ts';
import { restricted } from './restricted.ts';

/** One control of https://kubernetes.io/docs/concepts/security/pod-security-standards/, by its title there. */
export interface Control {
  title: string;
  /** A line for each field with a value that the control doesn't allow. */
  faults(pod: Pod): string[];
}

/** The policy "restricted", which holds all of "baseline" too. */
export const podSecurityFaults = (pod: Pod): string[] =>
  [...baseline, ...restricted].flatMap((control) => control.faults(pod).map((fault) => `${control.title}: ${fault}`));

import type { Values } from '../rendering/helm.ts';

/** Values that nothing may be rendered from, and what Helm has to say then: what is wrong, by its name, with its value. */
export interface Refusal {
  name: string;
  /** Over the values for production. */
  change: Values;
  says: readonly string[];
}

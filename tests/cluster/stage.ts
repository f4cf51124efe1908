import type { Cluster } from './cluster.ts';
import type { Release } from './release.ts';
import type { Report } from './report.ts';

/** What the stages share. */
export interface Surroundings {
  cluster: Cluster;
  release: Release;
  report: Report;
  signal: AbortSignal;
}

export interface Stage {
  name: string;
  run(surroundings: Surroundings): Promise<void>;
}

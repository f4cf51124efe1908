import type { ProgramName } from '../../prometheus/src/programs.ts';

/** One thing that was looked at, and what is wrong with it. */
export interface Outcome {
  name: string;
  faults: readonly string[];
}

export interface Check {
  name: string;
  /** What has to be on PATH. */
  programs: readonly ProgramName[];
  /** Without its programs it is left out and said so, where others make the run fail. */
  optional?: boolean;
  run(): Promise<Outcome[]>;
}

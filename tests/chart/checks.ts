import type { Check } from './check.ts';
import { chartReadme } from './checks/chart-readme.ts';
import { kustomize } from './checks/kustomize.ts';
import { lint } from './checks/lint.ts';
import { objects } from './checks/objects.ts';
import { pods } from './checks/pods.ts';
import { projectReadme } from './checks/project-readme.ts';
import { refusals } from './checks/refusals.ts';
import { sameOutput } from './checks/same-output.ts';
import { schemas } from './checks/schemas.ts';
import { scriptChecks } from './checks/scripts.ts';
import { sentences } from './checks/sentences.ts';
import { tiltfile } from './checks/tiltfile.ts';

/** What `npm run test:chart` looks at, those that take longest first. */
export const checks: readonly Check[] = [
  ...scriptChecks,
  sentences,
  schemas,
  lint,
  pods,
  refusals,
  objects,
  sameOutput,
  kustomize,
  chartReadme,
  projectReadme,
  tiltfile,
];

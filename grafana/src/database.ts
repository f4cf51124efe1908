import { dashboardOf } from './build/dashboard.ts';
import { processVariables } from './build/variables.ts';
import { now } from './database/now.ts';
import { pools } from './database/pools.ts';
import { replicas } from './database/replicas.ts';
import { statements } from './database/statements.ts';

export const database = dashboardOf('database', {
  description: 'Whether the database keeps up: pools, statements, replicas.',
  variables: processVariables(),
  sections: [now, pools, statements, replicas],
});

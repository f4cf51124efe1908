import { dashboardOf } from './build/dashboard.ts';
import { processVariables } from './build/variables.ts';
import { now } from './overview/now.ts';
import { objective } from './overview/objective.ts';
import { procedures } from './overview/procedures.ts';
import { requests } from './overview/requests.ts';

export const overview = dashboardOf('overview', {
  description: 'Whether callers are served well: the objective and its budget, requests by kind and procedure.',
  variables: processVariables(),
  sections: [now, objective, requests, procedures],
});

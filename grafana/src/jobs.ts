import { dashboardOf } from './build/dashboard.ts';
import { processVariables } from './build/variables.ts';
import { events } from './jobs/events.ts';
import { now } from './jobs/now.ts';
import { tasks } from './jobs/tasks.ts';
import { webhooks } from './jobs/webhooks.ts';

export const jobs = dashboardOf('jobs', {
  description: 'Whether what follows a commit happens: events, jobs, deliveries of webhooks.',
  variables: processVariables(),
  sections: [now, events, tasks, webhooks],
});

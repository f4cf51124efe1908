import { dashboardOf } from './build/dashboard.ts';
import { processVariables } from './build/variables.ts';
import { lookUps } from './cache/look-ups.ts';
import { now } from './cache/now.ts';
import { room } from './cache/room.ts';

export const cache = dashboardOf('cache', {
  description: 'Whether kept answers help: hits by tier and type, room, Redis, search indexes.',
  variables: processVariables(),
  sections: [now, lookUps, room],
});

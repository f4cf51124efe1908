import { FAILING_CALLS, type Fault, SLOW_CALLS } from '../fault.ts';
import { asSuperuser, asTenant, holdOpen } from '../transactions.ts';

const BACKGROUND = ['WorkersAbsent', 'JobFailing', 'OutboxOld', 'WebhooksLate', 'HoldsLeaking', 'JobsWaiting'];
const POOLS = ['PoolWaiting', 'PoolNearlyFull', 'SlowStatements'];

export const databaseFaults: Fault[] = [
  {
    name: 'A transaction that nobody ends keeps the nights of all hotels locked; bookings wait with their connections',
    fires: ['PoolWaiting', 'PoolNearlyFull'],
    inhibited: ['PoolNearlyFull'],
    symptoms: [...FAILING_CALLS, ...SLOW_CALLS, 'SlowStatements', 'OutboxOld'],
    async begin({ servers, tenantId }, opened) {
      await holdOpen(opened, servers.primaryUrl, [asTenant(tenantId), 'select from inventory_night for update']);
      return { mend: [{ runbook: 'PoolWaiting' }] };
    },
  },
  {
    name: 'Replay on the standby is paused',
    fires: ['ReplicaLagging', 'ReplicaEjected'],
    inhibited: ['ReplicaLagging'],
    async begin({ servers }) {
      await servers.ask('standby', 'select pg_wal_replay_pause()');
      return { mend: [{ runbook: 'ReplicaLagging' }] };
    },
  },
  {
    name: 'The standby is killed',
    fires: ['ReplicaEjected'],
    symptoms: ['ReplicaLagging'],
    async begin({ servers }) {
      await servers.signal('standby', 'SIGKILL');
      return { mend: [{ runbook: 'ReplicaEjected' }] };
    },
  },
  {
    name: 'The primary is killed',
    fires: ['PrimaryDown'],
    symptoms: [...FAILING_CALLS, ...SLOW_CALLS, ...BACKGROUND, ...POOLS, 'ReplicaLagging', 'ReplicaEjected'],
    async begin({ servers }) {
      await servers.signal('primary', 'SIGKILL');
      return { mend: [{ runbook: 'PrimaryDown' }] };
    },
  },
  {
    name: 'The database refuses what bookings need (a privilege is missing)',
    fires: ['ErrorRateHigh', 'ErrorBudgetBurn 1h', 'ErrorBudgetBurn 6h'],
    inhibited: ['ErrorBudgetBurn 1h', 'ErrorBudgetBurn 6h'],
    async begin(stage) {
      await asSuperuser(stage, 'revoke insert on booking_line from innkeeper_app');
      return { mend: () => asSuperuser(stage, 'grant insert on booking_line to innkeeper_app') };
    },
  },
];

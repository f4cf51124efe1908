import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { SCRAPE_MS } from '../monitoring.ts';
import { supervise } from '../product-process.ts';

const LOOK_MS = 50;

const untilScraped = async (adminUrl: string): Promise<void> => {
  while (!(await fetch(`${adminUrl}/metrics`).catch(() => null))?.ok) await delay(LOOK_MS);
  await delay(2 * SCRAPE_MS);
};

export const processFaults: Fault[] = [
  {
    name: 'The event loop of the server is blocked again and again (0.4 s each)',
    fires: ['EventLoopStalled'],
    symptoms: ['LatencyP95High', 'ErrorBudgetBurn 1h', 'ErrorBudgetBurn 6h', 'TargetDown', 'ErrorRateHigh'],
    async begin({ server }) {
      server.signal('SIGUSR2');
      supervise(server);
      return { mend: [{ runbook: 'EventLoopStalled', environment: { PID: String(server.pid) } }] };
    },
  },
  {
    name: 'The server is killed again and again',
    fires: ['ProcessRestarting'],
    symptoms: ['TargetDown'],
    async begin({ server }) {
      for (let times = 0; times < 3; times++) {
        server.signal('SIGKILL');
        await server.exited;
        // It is killed before it is ready, as soon as it was seen.
        const started = server.start().catch(() => {});
        await untilScraped(server.adminUrl);
        if (times === 2) await started;
      }
      // What was mended is that nobody kills it any more.
      return { mend: () => {} };
    },
  },
  {
    name: 'Server and worker are gone',
    fires: ['InnkeeperAbsent', 'TargetDown'],
    inhibited: ['TargetDown'],
    symptoms: ['WorkersAbsent'],
    async begin({ server, worker }) {
      for (const process of [server, worker]) {
        process.signal('SIGKILL');
        await process.exited;
      }
      return { mend: [{ runbook: 'InnkeeperAbsent' }, { runbook: 'WorkersAbsent', environment: worker.settings }] };
    },
  },
];

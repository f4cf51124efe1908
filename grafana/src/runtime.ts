import { dashboardOf } from './build/dashboard.ts';
import type { Section } from './build/layout.ts';
import { of, ofProcess } from './build/queries.ts';
import { series } from './build/series.ts';
import { processVariables } from './build/variables.ts';
import { memory } from './runtime/memory.ts';
import { processor } from './runtime/processor.ts';

const STARTED = 'process_start_time_seconds';

const processes: Section = {
  title: 'Processes',
  lines: [
    [
      series({
        title: 'Versions',
        description: 'Processes by what they run.',
        unit: 'none',
        stacked: true,
        alerts: ['absent', 'targetDown'],
        queries: [[`count by (version, node) (${of('innkeeper_build_info')})`, '{{version}} on Node {{node}}']],
      }),
      series({
        title: 'Restarts',
        description:
          'Starts in the last quarter of an hour, by process: where an instance keeps its name, each is a restart.',
        unit: 'none',
        alerts: ['restarting'],
        queries: [[ofProcess(STARTED, (selector) => `changes(${selector}[15m])`), '{{instance}}']],
      }),
      series({
        title: 'Up since',
        description: 'Time since the process was started.',
        unit: 's',
        queries: [[`time() - ${ofProcess(STARTED)}`, '{{instance}}']],
      }),
    ],
  ],
};

export const runtime = dashboardOf('runtime', {
  description: 'How processes fare: event loop, processors, memory, garbage, restarts.',
  variables: processVariables(),
  sections: [processor, memory, processes],
});

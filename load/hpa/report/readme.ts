import { bestConnections, CALL_SECONDS, database, environment, KNEE, rateOfProcessor } from '../measured.ts';
import { IN_FLIGHT } from '../modes.ts';
import type { Run } from '../simulate.ts';

const LATE_SECONDS = 0.2;

const share = (part: number, of: number, digits = 1): string => `${((100 * part) / of).toFixed(digits)} %`;

const rowOf = ({ trace, mode, points, changes }: Run): string => {
  const sum = (of: (point: Run['points'][number]) => number) => points.reduce((total, point) => total + of(point), 0);
  const hours = (sum(({ pods }) => pods) / points.length) * (trace.minutes / 60);
  const late = points.filter(({ p95 }) => p95 > LATE_SECONDS).length;
  const cells = [
    mode.title,
    hours.toFixed(1),
    String(Math.round(Math.max(...points.map(({ pods }) => pods)))),
    String(changes),
    share(late, points.length),
    share(
      sum(({ refused }) => refused),
      sum(({ asked }) => asked),
      2,
    ),
  ];
  return `| ${cells.join(' | ')} |`;
};

const sectionOf = (runs: readonly Run[]): string => {
  const { name, title, about } = runs[0]?.trace ?? { name: '', title: '', about: '' };
  return [
    `## ${title}`,
    '',
    about,
    '',
    `![${title}: pods, times and refusals](${name}.svg)`,
    '',
    '| scaled by | pod hours | most pods | changes | time beyond 0.2 s | refused |',
    '|---|---|---|---|---|---|',
    ...runs.map(rowOf),
  ].join('\n');
};

const rates = (): string => {
  const last = database.at(-1)?.connections ?? 1;
  const told = [1, bestConnections, last].map(
    (connections) => `${Math.round(rateOfProcessor(connections))} over ${connections}`,
  );
  return `A processor of the database writes ${told.join(', ')} connections (bookings a second): more than ${bestConnections} get in each other's way.`;
};

/** What the runs came to, as load/hpa/README.md. */
export const readmeOf = (runsByTrace: readonly (readonly Run[])[]): string =>
  [
    '# How many pods',
    '',
    'Written by `npm run simulate:hpa`, the same each time. It runs the HorizontalPodAutoscaler as Kubernetes documents it (tolerance,',
    'stabilisation, rates, missing metrics), fed every 15 seconds by what [the rules](../../prometheus/rules/scaling.yaml) record of pods',
    'that Prometheus scrapes as often, with the defaults of the chart and 3 to 12 pods. `autoscaler/` is that, `metrics/` Prometheus,',
    '`service/` the pods and their database, `modes.ts` what is asked for.',
    '',
    'The pods are a model: event loops, ten connections each, and a database that does less the more connections are at work on it; who has',
    'waited for two seconds is refused. Where its numbers come from is said in [measured.ts](measured.ts):',
    '',
    `- A call takes ${(1_000 * CALL_SECONDS).toFixed(2)} ms of a pod's event loop. With ${KNEE} in flight a pod answers nearly as many as it ever can: the chart's`,
    `  \`autoscaling.inFlight.target\` is 0.7 of that, ${IN_FLIGHT}.`,
    `- ${rates()}`,
    `- On Node ${environment.node}, PostgreSQL ${environment.postgresql}, ${environment.processors}, ${environment.date}. \`npm run simulate:hpa -- --measure\` measures the database anew, which these figures want: the machine had other work.`,
    '',
    ...runsByTrace.map((runs) => `${sectionOf(runs)}\n`),
    '## What it shows',
    '',
    '- **Latency alone** fails: it says nothing until pods are full, then that many are needed, and once there are, that few are. Pods come and',
    '  go, and each time some calls are late or refused. Totals (calls in flight, busy event loops) say how many pods the load is worth.',
    '- **The brake** holds the number of pods while statements are slow. Without it a brown-out looks like load: pods go to their maximum, ask',
    '  a weak database over more connections, and it answers fewer calls than before.',
    '- **Processor time** is a share of what pods request: where they may use more than that, it takes more pods than event loops need. In a',
    '  brown-out it takes pods away, since their event loops are idle, and has them come back when it is over.',
    '',
  ].join('\n');

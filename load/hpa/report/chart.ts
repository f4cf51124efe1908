import type { Point, Run } from '../simulate.ts';
import { escaped, label, type Panel, panelOf } from './panel.ts';

const WIDTH = 860;
const HEIGHT = 690;
const LEFT = 64;
const RIGHT = WIDTH - 20;
const TOPS = [128, 318, 508];
const PANEL = 136;

/** In the order in which they are drawn: those that are dashed lie on top. */
const KINDS = ['off', 'resource', 'keda', 'unbraked', 'latency'];
/** Where what they are called stands. */
const LEGEND = [0, 168, 372, 500, 618];

const STYLE = `
    text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #24292f; }
    .title { font-size: 17px; font-weight: 600; }
    .panel { font-weight: 600; }
    .quiet { fill: #57606a; font-size: 12px; }
    .line { stroke: #d8dee4; }
    .target { stroke: #57606a; stroke-dasharray: 4 4; }
    .run { fill: none; stroke-width: 1.5; stroke-linejoin: round; }
    .keda { stroke: #0969da; stroke-width: 3; }
    .unbraked { stroke: #cf222e; stroke-dasharray: 7 3; }
    .resource { stroke: #8250df; }
    .latency { stroke: #bc4c00; stroke-dasharray: 2 2; }
    .off { stroke: #8c959f; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .quiet { fill: #9198a1; }
      .line { stroke: #30363d; }
      .target { stroke: #9198a1; }
      .keda { stroke: #4493f8; }
      .unbraked { stroke: #f85149; }
      .resource { stroke: #ab7df8; }
      .latency { stroke: #db6d28; }
      .off { stroke: #6e7681; }
    }`;

const seconds: Panel['marks'] = [
  [0.005, '5 ms'],
  [0.02, '20 ms'],
  [0.2, '0.2 s'],
  [2, '2 s'],
];

/** Marks from nothing to what is needed, at most five of them. */
const upTo = (most: number, steps: readonly number[], unit = ''): Panel['marks'] => {
  const step = steps.find((one) => most <= 4 * one) ?? steps.at(-1) ?? 1;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => [index * step, `${index * step}${unit}`]);
};

const refusedPercent = ({ refused, asked }: Point): number => (100 * refused) / Math.max(1, asked);

const panelsOf = (runs: readonly Run[]): Panel[] => {
  const lines = (of: (point: Point) => number) =>
    KINDS.flatMap((kind) => {
      const run = runs.find(({ mode }) => mode.name === kind);
      return run ? [{ kind, values: run.points.map(of) }] : [];
    });
  const points = runs.flatMap((run) => run.points);
  const most = (of: (point: Point) => number) => Math.max(...points.map(of));
  return [
    {
      title: 'Pods',
      marks: upTo(
        most(({ pods }) => pods),
        [1, 2, 3, 4],
      ),
      lines: lines(({ pods }) => pods),
    },
    {
      title: '95 of 100 calls within (2 s: many are refused)',
      ...{ marks: seconds, logarithmic: true, target: 0.2 },
      lines: lines(({ p95 }) => p95),
    },
    {
      title: 'Refused, of 100 calls',
      marks: upTo(Math.max(1, most(refusedPercent)), [0.5, 1, 2, 5, 10, 25]),
      lines: lines(refusedPercent),
    },
  ];
};

const timesOf = (minutes: number): string[] => {
  const [every, times, unit] = minutes > 300 ? [240, 60, ' h'] : [15, 1, ' min'];
  return Array.from({ length: Math.floor(minutes / every) + 1 }, (_, index) => {
    const x = LEFT + ((RIGHT - LEFT) * index * every) / minutes;
    const text = `${(index * every) / times}${unit}`;
    const anchor = x > RIGHT - 20 ? 'end' : 'middle';
    return label(text, { x: Math.round(x), y: (TOPS.at(-1) ?? 0) + PANEL + 22, kind: 'quiet', anchor });
  });
};

/** The runs of one trace as SVG, for light and dark pages. */
export const chartOf = (runs: readonly Run[]): string => {
  const [{ trace } = { trace: null }] = runs;
  if (!trace) throw new Error('there is no run to draw');
  const legend = runs.flatMap(({ mode }, index) => {
    const x = LEFT + (LEGEND[index] ?? 0);
    return [
      `  <line x1="${x}" y1="84" x2="${x + 22}" y2="84" class="run ${mode.name}"/>`,
      label(mode.title, { x: x + 28, y: 88, kind: 'quiet' }),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">`,
    `  <title>${escaped(`${trace.title}: pods, times and refusals for each way to scale. ${trace.about}`)}</title>`,
    `  <style>${STYLE}\n  </style>`,
    label(trace.title, { x: 16, y: 28, kind: 'title' }),
    label(trace.about, { x: 16, y: 50, kind: 'quiet' }),
    ...legend,
    ...panelsOf(runs).flatMap((panel, index) => {
      const top = TOPS[index] ?? 0;
      return panelOf(panel, { left: LEFT, right: RIGHT, top, bottom: top + PANEL });
    }),
    ...timesOf(trace.minutes),
    '</svg>',
    '',
  ].join('\n');
};

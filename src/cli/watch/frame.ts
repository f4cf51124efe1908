import { type Paint, toWidth, widthOf } from './drawing.ts';
import type { View } from './history.ts';
import { cachePanel, databasePanel, latencyPanel, type Panel, processPanel, requestsPanel } from './panels.ts';
import { rateText, shareText, spanText, timeText } from './words.ts';

export interface Alert {
  name: string;
  severity: string | null;
  state: string;
  summary: string | null;
}

export interface FrameOptions {
  /** Of the terminal. */
  columns: number;
  /** As many procedures as fit are shown. */
  rows: number;
  paint: Paint;
  /** Where it looks. */
  url: string;
  host: string | null;
  /** What the clock says. */
  time: string;
  /** Null where nobody is asked for alerts. */
  alerts: readonly Alert[] | null;
}

const TWO_COLUMNS = 76;
const MOST_COLUMNS = 132;
const GAP = '   ';
const LEAST_PROCEDURES = 4;
const MOST_ALERTS = 5;

const panelLines = (panel: Panel, view: View, columns: number, paint: Paint): string[] => {
  const { title, lines } = panel(view, columns, paint);
  const rule = '─'.repeat(Math.max(0, columns - widthOf(title) - 1));
  return [`${paint('bold', title)} ${paint('dim', rule)}`, ...lines, ''];
};

/** Stacks of panels side by side; the shorter ones are filled up with blanks. */
const beside = (stacks: readonly (readonly Panel[])[], view: View, columns: number, paint: Paint): string[] => {
  const width = Math.floor((columns - GAP.length * (stacks.length - 1)) / stacks.length);
  const blocks = stacks.map((panels) => panels.flatMap((panel) => panelLines(panel, view, width, paint)));
  const height = Math.max(...blocks.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    blocks.map((block) => toWidth(block[line] ?? '', width)).join(GAP),
  );
};

const STACKS: readonly (readonly Panel[])[] = [
  [requestsPanel, databasePanel, cachePanel],
  [latencyPanel, processPanel],
];

const headLine = (view: View, { columns, paint, url, host, time }: FrameOptions): string => {
  const name = `${paint('bold', 'Innkeeper')} ${view.version}`;
  const where = host === null ? url : `${host} at ${url}`;
  const right = `up ${spanText(view.uptimeSeconds)}  ${time}`;
  const left = `${name}  ${paint('cyan', where)}`;
  return `${toWidth(left, Math.max(0, columns - right.length - 1))} ${paint('dim', right)}`;
};

const procedureLines = ({ figures: { procedures } }: View, columns: number, most: number, paint: Paint): string[] => {
  const cells = (name: string, values: readonly string[]) =>
    toWidth(
      toWidth(name, Math.max(8, columns - values.length * 10)) + values.map((value) => value.padStart(10)).join(''),
      columns,
    );
  return [
    paint('dim', cells('Procedure', ['rate', 'p50', 'p95', 'p99', 'errors'])),
    ...procedures
      .slice(0, most)
      .map(({ procedure, perSecond, p50Ms, p95Ms, p99Ms, failedShare }) =>
        cells(procedure, [
          rateText(perSecond),
          timeText(p50Ms),
          timeText(p95Ms),
          timeText(p99Ms),
          shareText(failedShare),
        ]),
      ),
  ];
};

const alertLines = (alerts: readonly Alert[], columns: number, paint: Paint): string[] => {
  const firing = alerts.filter(({ name }) => name !== 'Watchdog');
  if (firing.length === 0) return [paint('green', '● No alerts'), ''];
  const shown = firing.slice(0, MOST_ALERTS).map(({ name, severity, state, summary }) => {
    const style = state === 'pending' ? 'yellow' : severity === 'critical' ? 'red' : 'magenta';
    return paint(style, toWidth(`● ${name} (${severity ?? state}) ${summary ?? ''}`, columns).trimEnd());
  });
  const more = firing.length - shown.length;
  return [...shown, ...(more ? [paint('dim', `  and ${more} more`)] : []), ''];
};

/** One picture of the view as lines, none wider than the terminal. */
export const frame = (view: View, options: FrameOptions): string[] => {
  const { paint, rows, alerts } = options;
  const columns = Math.min(options.columns, MOST_COLUMNS);
  const panels = beside(columns >= TWO_COLUMNS ? STACKS : [STACKS.flat()], view, columns, paint);
  const above = [
    headLine(view, { ...options, columns }),
    paint('dim', view.isRecent ? '' : 'Since the process began.'),
    ...(alerts ? alertLines(alerts, columns, paint) : []),
    ...panels,
  ];
  const most = Math.max(LEAST_PROCEDURES, rows - above.length - 2);
  return [...above, ...procedureLines(view, columns, most, paint)].map((line) =>
    widthOf(line) > columns ? toWidth(line, columns) : line.trimEnd(),
  );
};

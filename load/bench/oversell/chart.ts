import { type Figures, grouped } from './figures.ts';

const WIDTH = 780;
const ROW = 40;
const TOP = 84;
const BARS_AT = 172;
const LONGEST_BAR = 250;
const P99_AT = 590;
const OVERSOLD_AT = 764;

const STYLE = `
    text { font: 14px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #24292f; }
    .title { font-size: 17px; font-weight: 600; }
    .quiet { fill: #57606a; font-size: 12.5px; }
    .ours { font-weight: 600; }
    .bar { fill: #8c959f; }
    .bar.ours { fill: #0969da; }
    .bar.bad { fill: #cf222e; }
    .bad { fill: #cf222e; font-weight: 600; }
    .good { fill: #1a7f37; }
    .line { stroke: #d0d7de; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .quiet { fill: #9198a1; }
      .bar { fill: #6e7681; }
      .bar.ours { fill: #4493f8; }
      .bar.bad { fill: #f85149; }
      .bad { fill: #f85149; }
      .good { fill: #3fb950; }
      .line { stroke: #3d444d; }
    }`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

interface Place {
  x: number;
  y: number;
  kind?: string;
  anchor?: 'start' | 'end';
}

const label = (text: string, { x, y, kind = '', anchor = 'start' }: Place): string =>
  `  <text x="${x}" y="${y}" class="${kind}" text-anchor="${anchor}">${escaped(text)}</text>`;

/** A bar chart of the ways as SVG, for light and dark pages; `ours` names the one that stands out. */
export const chartOf = (ways: readonly Figures[], ours: string, about: string): string => {
  const height = TOP + ways.length * ROW + 8;
  const most = Math.max(...ways.map(({ rate }) => rate));
  const rows = ways.flatMap(({ name, rate, p99Ms, nightsOversold }, i) => {
    const middle = TOP + i * ROW + ROW / 2;
    const own = name === ours ? 'ours' : '';
    const length = Math.max(2, (LONGEST_BAR * rate) / most);
    const oversold = nightsOversold > 0;
    return [
      label(name, { x: 16, y: middle + 5, kind: own }),
      `  <rect x="${BARS_AT}" y="${middle - 11}" width="${length.toFixed(1)}" height="22" rx="3" class="bar ${oversold ? 'bad' : own}"/>`,
      label(`${grouped(rate)} /s`, { x: BARS_AT + length + 8, y: middle + 5, kind: own }),
      label(`${grouped(p99Ms)} ms`, { x: P99_AT, y: middle + 5, anchor: 'end' }),
      label(grouped(nightsOversold), { x: OVERSOLD_AT, y: middle + 5, kind: oversold ? 'bad' : 'good', anchor: 'end' }),
    ];
  });
  const spoken = ways.map(
    ({ name, rate, nightsOversold }) =>
      `${name}: ${grouped(rate)} a second, ${grouped(nightsOversold)} nights oversold`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `  <title>${escaped(`Ways to guard inventory. ${spoken.join('; ')}.`)}</title>`,
    `  <style>${STYLE}\n  </style>`,
    label('Ways to guard inventory', { x: 16, y: 28, kind: 'title' }),
    label(about, { x: 16, y: 48, kind: 'quiet' }),
    label('requests answered a second', { x: BARS_AT, y: 74, kind: 'quiet' }),
    label('99 % within', { x: P99_AT, y: 74, kind: 'quiet', anchor: 'end' }),
    label('nights oversold', { x: OVERSOLD_AT, y: 74, kind: 'quiet', anchor: 'end' }),
    `  <line x1="16" y1="${TOP}" x2="${OVERSOLD_AT}" y2="${TOP}" class="line"/>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
};

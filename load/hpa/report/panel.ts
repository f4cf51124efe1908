/** A line of a panel. */
export interface Line {
  kind: string;
  values: readonly number[];
}

export interface Panel {
  title: string;
  /** Marks of the axis, with what stands beside them; the first is the lowest, the last the highest. */
  marks: readonly (readonly [value: number, text: string])[];
  logarithmic?: boolean;
  /** Where the target is. */
  target?: number;
  lines: readonly Line[];
}

export interface Place {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

interface Label {
  x: number;
  y: number;
  kind?: string;
  anchor?: 'start' | 'middle' | 'end';
}

export const label = (text: string, { x, y, kind = '', anchor = 'start' }: Label): string =>
  `  <text x="${x}" y="${y}" class="${kind}" text-anchor="${anchor}">${escaped(text)}</text>`;

const rule = (place: Place, y: number, kind: string): string =>
  `  <line x1="${place.left}" y1="${y.toFixed(1)}" x2="${place.right}" y2="${y.toFixed(1)}" class="${kind}"/>`;

/** A panel with its axis and lines; what is beyond the axis lies on its edge. */
export const panelOf = ({ title, marks, logarithmic, target, lines }: Panel, place: Place): string[] => {
  const [low = 0, high = 1] = [marks[0]?.[0], marks.at(-1)?.[0]];
  const scaled = (value: number) => (logarithmic ? Math.log(value) : value);
  const y = (value: number): number => {
    const within = Math.min(high, Math.max(low, value));
    const share = (scaled(within) - scaled(low)) / (scaled(high) - scaled(low));
    return place.bottom - share * (place.bottom - place.top);
  };
  const path = ({ kind, values }: Line): string => {
    const step = (place.right - place.left) / values.length;
    const points = values.map(
      (value, index) => `${(place.left + (index + 0.5) * step).toFixed(1)},${y(value).toFixed(1)}`,
    );
    return `  <polyline points="${points.join(' ')}" class="run ${kind}"/>`;
  };
  return [
    label(title, { x: place.left, y: place.top - 10, kind: 'panel' }),
    ...marks.flatMap(([value, text]) => [
      rule(place, y(value), 'line'),
      label(text, { x: place.left - 8, y: Math.round(y(value)) + 4, kind: 'quiet', anchor: 'end' }),
    ]),
    ...(target === undefined ? [] : [rule(place, y(target), 'target')]),
    ...lines.map(path),
  ];
};

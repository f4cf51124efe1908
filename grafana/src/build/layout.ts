import type { GridPos, Panel } from '@grafana/grafana-foundation-sdk/dashboard';

/** Columns of a dashboard. */
const COLUMNS = 24;

/** A panel and how many grid units it is high. */
export interface Sized {
  panel: Panel;
  height: number;
}

/** A titled part of a dashboard: lines of panels that share the width evenly. */
export interface Section {
  title: string;
  lines: Sized[][];
}

export interface Placed {
  position: GridPos;
  panel: Panel;
}

/** Where the panels of a line stand that begins at `y`; all are as high as the highest of them. */
export const placeLine = (line: Sized[], y: number): { placed: Placed[]; height: number } => {
  const h = Math.max(...line.map(({ height }) => height));
  const edge = (index: number) => Math.round((COLUMNS * index) / line.length);
  const placed = line.map(({ panel }, index) => {
    const x = edge(index);
    return { panel, position: { x, y, w: edge(index + 1) - x, h } };
  });
  return { placed, height: h };
};

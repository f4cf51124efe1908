import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan' | 'magenta' | 'blue';
/** Colours a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export const inColour: Paint = (style, text) => styleText(style, text, { validateStream: false });
export const plain: Paint = (_style, text) => text;

const STYLES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** How many columns a text takes, its colours apart. */
export const widthOf = (text: string): number => text.replaceAll(STYLES, '').length;

/** The text in so many columns: longer ones lose their end, and their colours with it. */
export const toWidth = (text: string, columns: number): string => {
  const width = widthOf(text);
  if (width <= columns) return text + ' '.repeat(columns - width);
  return columns <= 0 ? '' : `${text.replaceAll(STYLES, '').slice(0, columns - 1)}…`;
};

const LEVELS = '▁▂▃▄▅▆▇█';

/** The newest values as a line of bars below `most`, or below the largest of them. */
export const sparkline = (values: readonly number[], columns: number, most?: number): string => {
  const shown = columns > 0 ? values.slice(-columns) : [];
  const top = most ?? Math.max(...shown, 0);
  const level = (value: number) =>
    top > 0 ? Math.min(LEVELS.length - 1, Math.floor((value / top) * LEVELS.length)) : 0;
  return shown
    .map((value) => LEVELS[level(value)])
    .join('')
    .padStart(columns);
};

const SHARE_HIGH = 0.7;
const SHARE_TOO_HIGH = 0.85;

/** Green, yellow or red by how much of something is taken. */
export const alarm = (share: number): Style =>
  share >= SHARE_TOO_HIGH ? 'red' : share >= SHARE_HIGH ? 'yellow' : 'green';

/** A bar of so many columns, filled by the share of it that is taken. */
export const bar = (share: number, columns: number, paint: Paint, style: Style = alarm(share)): string => {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * columns);
  return paint(style, '━'.repeat(filled)) + paint('dim', '─'.repeat(columns - filled));
};

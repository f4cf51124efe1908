import { setTimeout as delay } from 'node:timers/promises';
import { inColour } from '../../src/cli/watch/drawing.ts';
import { frame } from '../../src/cli/watch/frame.ts';
import { createHistory } from '../../src/cli/watch/history.ts';
import { lookAt } from '../../src/cli/watch/source.ts';
import { systemClock } from '../../src/kernel/clock.ts';

/** Watches a running process and writes its last picture as SVG: `node grafana/src/watch-picture.ts URL LOOKS > docs/pictures/watch.svg`. */
const COLUMNS = 104;
const ROWS = 32;
const [CELL, LINE, MARGIN] = [8.4, 18, 16];

const COLOURS: Record<string, string> = {
  ...{ 31: '#f2777a', 32: '#99cc99', 33: '#ffcc66', 34: '#6699cc', 35: '#cc99cc', 36: '#66cccc' },
};
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const STYLED = new RegExp(`${String.fromCharCode(27)}\\[(\\d+)m`);

/** Blanks in a row are not kept by SVG. */
const WORDS = /\S+(?: \S+)*/g;

/** The line's parts, each placed by its column so that it fits in any font. */
const spans = (line: string): string => {
  const parts = line.split(STYLED);
  let [column, style, out] = [0, '', ''];
  for (const [index, part] of parts.entries()) {
    if (index % 2) {
      if (part === '1') style = ' font-weight="bold" fill="#ffffff"';
      else if (part === '2') style = ' fill="#8a8f98"';
      else style = COLOURS[part] ? ` fill="${COLOURS[part]}"` : '';
      continue;
    }
    for (const { 0: words, index: at } of part.matchAll(WORDS)) {
      const x = (MARGIN + (column + at) * CELL).toFixed(1);
      out += `<tspan x="${x}" textLength="${(words.length * CELL).toFixed(1)}"${style}>${escaped(words)}</tspan>`;
    }
    column += part.length;
  }
  return out;
};

const drawing = (lines: readonly string[]): string => {
  const [width, height] = [COLUMNS * CELL + 2 * MARGIN, lines.length * LINE + 2 * MARGIN];
  const texts = lines.map((line, index) => `<text y="${MARGIN + LINE * (index + 0.75)}">${spans(line)}</text>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width.toFixed(0)} ${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#d8dbe0">`,
    '<title>innkeeper watch</title>',
    '<rect width="100%" height="100%" rx="8" fill="#1d1f24"/>',
    ...texts,
    '</svg>',
    '',
  ].join('\n');
};

const [url = 'http://127.0.0.1:9464', looks = '30'] = process.argv.slice(2);
const view = createHistory();
let lines: string[] = [];
for (let look = 0; look < Number(looks); look++) {
  const { samples, host, alerts } = await lookAt(url);
  const options = { columns: COLUMNS, rows: ROWS, paint: inColour, url, host, alerts };
  lines = frame(view(samples, systemClock.nowMs()), {
    ...options,
    time: new Date(systemClock.nowMs()).toTimeString().slice(0, 8),
  });
  await delay(1_000);
}
process.stdout.write(drawing(lines));

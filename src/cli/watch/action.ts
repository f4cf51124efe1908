import { setTimeout as delay } from 'node:timers/promises';
import { readSurroundings } from '../../config.ts';
import { systemClock } from '../../kernel/clock.ts';
import { inColour, plain } from './drawing.ts';
import { frame } from './frame.ts';
import { createHistory } from './history.ts';
import { type Look, lookAt } from './source.ts';

export interface WatchOptions {
  url: string;
  once?: true;
  /** Seconds. */
  interval: number;
}

const ESCAPE = '\u001b[';
const ENTER = `${ESCAPE}?1049h${ESCAPE}?25l`;
const LEAVE = `${ESCAPE}?25h${ESCAPE}?1049l`;
const HOME = `${ESCAPE}H`;
const CLEAR_LINE = `${ESCAPE}K`;
const CLEAR_BELOW = `${ESCAPE}J`;
const USUAL = { columns: 100, rows: 40 };

const out = process.stdout;

/** Pictures of a process, one after the other. */
const createPictures = (url: string) => {
  const view = createHistory();
  const paint = out.isTTY && !readSurroundings().colourless ? inColour : plain;
  return ({ samples, host, alerts }: Look): string[] => {
    const time = new Date(systemClock.nowMs()).toTimeString().slice(0, 8);
    const { columns = USUAL.columns, rows = USUAL.rows } = out.isTTY ? out : USUAL;
    return frame(view(samples, systemClock.nowMs()), { columns, rows, paint, url, host, time, alerts });
  };
};

/** Draws over the last picture, in a screen of its own, until it is told to stop. */
const drawLive = async (url: string, intervalMs: number): Promise<void> => {
  const picture = createPictures(url);
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  let look: Look | null = await lookAt(url);
  let last: readonly string[] = [];
  out.write(ENTER);
  try {
    while (!stopping.signal.aborted) {
      const lines = look ? picture(look) : last.with(1, `${url} does not answer. Trying again.`);
      last = lines.slice(0, out.rows ?? USUAL.rows);
      out.write(`${HOME}${last.map((line) => line + CLEAR_LINE).join('\n')}${CLEAR_BELOW}`);
      await delay(intervalMs, undefined, { signal: stopping.signal }).catch(() => {});
      if (!stopping.signal.aborted) look = await lookAt(url).catch(() => null);
    }
  } finally {
    out.write(LEAVE);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  }
};

/** Shows how a process does: again and again on a terminal, else, or when told so, once. */
export const watch = async ({ url, once, interval }: WatchOptions): Promise<void> => {
  const address = url.replace(/\/+$/, '');
  if (out.isTTY && !once) return drawLive(address, interval * 1_000);
  out.write(`${createPictures(address)(await lookAt(address)).join('\n')}\n`);
};

export interface Progress {
  /** How far it is: `done` of `total`, in whatever is counted. May be called as often as one likes. */
  at(done: number, total: number): void;
  /** Takes the line away on a terminal; call it before anything else is printed. */
  end(): void;
}

/** Where progress is shown; a terminal's line is rewritten. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const REWRITE_EVERY_MS = 100;
const LINE_EVERY_MS = 10_000;
const ERASE_LINE = '\r\x1b[2K';

const grouped = (count: number) => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ' ');

const share = (done: number, total: number) => `${Math.floor((100 * done) / Math.max(total, 1))} %`;

/**
 * Says what is going on: one rewriting line on a terminal, elsewhere a line at the start, one at the first step done, so
 * that a log shows how much there is, and then one every ten seconds.
 */
export const startProgress = (
  what: string,
  stream: ProgressStream = process.stderr,
  nowMs: () => number = () => performance.now(),
): Progress => {
  const rewrites = stream.isTTY === true;
  const everyMs = rewrites ? REWRITE_EVERY_MS : LINE_EVERY_MS;
  const show = (text: string) =>
    stream.write(rewrites ? `${ERASE_LINE}${text.slice(0, (stream.columns || 80) - 1)}` : `${text}\n`);
  let shownAt = rewrites ? nowMs() : Number.NEGATIVE_INFINITY;
  show(`${what} …`);
  return {
    at(done, total) {
      if (done === 0 || nowMs() - shownAt < everyMs) return;
      shownAt = nowMs();
      show(`${what} … ${share(done, total)} (${grouped(done)} of ${grouped(total)})`);
    },
    end() {
      if (rewrites) stream.write(ERASE_LINE);
    },
  };
};

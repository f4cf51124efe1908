/** One line of load/RESULTS.md. A benchmark is a module load/bench/NAME.ts that exports `run: () => Promise<Row[]>`. */
export interface Row {
  what: string;
  /** The result in words, with units. */
  measured: string;
  /** What is held against the bar; null where the bar is not a number. */
  value: number | null;
  /** Null where there is none. */
  bar: string | null;
  met: boolean | null;
}

/** A result without a bar. */
export const figure = (what: string, measured: string): Row => ({
  what,
  measured,
  value: null,
  bar: null,
  met: null,
});

/** A result that is to be `bar` or more; `bar` reads as in the table unless told in words. */
export const atLeast = (bar: number, what: string, value: number, measured: string, words = `>= ${bar}`): Row => ({
  what,
  measured,
  value,
  bar: words,
  met: value >= bar,
});

/** A result that is to be `bar` or less. */
export const atMost = (bar: number, what: string, value: number, measured: string, words = `<= ${bar}`): Row => ({
  what,
  measured,
  value,
  bar: words,
  met: value <= bar,
});

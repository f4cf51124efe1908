/** First and last value of minute, hour, day of the month, month and day of the week. */
const RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

const TERM = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/;

const isTerm = (term: string, [least, greatest]: readonly [number, number]): boolean => {
  const match = TERM.exec(term);
  if (!match) return false;
  const [, first = String(least), last = first, step = '1'] = match;
  return +first >= least && +first <= +last && +last <= greatest && +step >= 1 && +step <= greatest;
};

/** Whether the text is five cron fields in numbers: `*`, values, ranges, steps, and lists of those. */
export const isCron = (text: string): boolean => {
  const fields = text.split(' ');
  return (
    fields.length === RANGES.length &&
    RANGES.every((range, at) => (fields[at] ?? '').split(',').every((term) => isTerm(term, range)))
  );
};

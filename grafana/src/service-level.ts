/** Of a thousand requests, one may be bad: answered wrong, or not within the threshold of its kind. */
const ALLOWED = 0.001;

const CHOSEN = '{namespace=~"$namespace"}';

/** The share of requests within `window` that were good, of all chosen namespaces together; by what the rules record. */
export const goodShare = (window: string): string => {
  const within = (recorded: string) => `sum(sum_over_time(${recorded}${CHOSEN}[${window}]))`;
  return `${within('innkeeper:requests_good:rate5m')} / ${within('innkeeper:requests:rate5m')}`;
};

/** The share of the budget of 30 days that is left; below 0 the objective is missed. */
export const budgetLeft = (): string => `1 - (1 - ${goodShare('30d')}) / ${ALLOWED}`;

/** How many times faster than the objective allows the budget is spent, in the namespace where that is fastest. */
export const burnRate = (window: '5m' | '30m' | '1h' | '2h' | '6h' | '1d' | '3d'): string =>
  `max(innkeeper:requests_bad:ratio_rate${window}${CHOSEN}) / ${ALLOWED}`;

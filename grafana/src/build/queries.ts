/** The processes that the variables name. */
const PROCESSES = ['namespace=~"$namespace"', 'job=~"$job"', 'instance=~"$instance"'];
const INSTALLATION = ['namespace=~"$namespace"'];

const selected = (metric: string, matchers: string[]) => `${metric}{${matchers.join(', ')}}`;

/** The series of a metric of the chosen processes that also match `matchers`, such as `pool="main"`. */
export const of = (metric: string, ...matchers: string[]): string => selected(metric, [...PROCESSES, ...matchers]);

/** What the database counts for all processes: workers tell it, each the same, whatever processes are chosen. */
export const counted = (metric: string): string => `max(${selected(metric, INSTALLATION)})`;

/** How much a counter grows a second, over an interval that suits the picture. */
export const rate = (metric: string, ...matchers: string[]): string =>
  `rate(${of(metric, ...matchers)}[$__rate_interval])`;

/** How much a counter grew in the chosen time. */
export const grown = (metric: string, ...matchers: string[]): string =>
  sum(`increase(${of(metric, ...matchers)}[$__range])`);

/**
 * A metric that other programs have too (`process_...`), of processes of Innkeeper only. `over` makes something of the
 * selector, such as a rate.
 */
export const ofProcess = (metric: string, over = (selector: string) => selector): string =>
  `${over(of(metric))} and on (job, instance) ${of('innkeeper_build_info')}`;

export const sum = (expr: string, ...by: string[]): string => aggregate('sum', expr, by);
export const max = (expr: string, ...by: string[]): string => aggregate('max', expr, by);

const aggregate = (operator: string, expr: string, by: string[]) =>
  by.length === 0 ? `${operator}(${expr})` : `${operator} by (${by.join(', ')}) (${expr})`;

/** 0 where there is nothing, such as errors that never were. */
export const orZero = (expr: string): string => `(${expr} or vector(0))`;

/** The share of what a counter counted within `window` that also matches `matcher`; by the labels given. */
export const shareWithin = (window: string, metric: string, matcher: string, ...by: string[]): string =>
  `${sum(`rate(${of(metric, matcher)}[${window}])`, ...by)} / ${sum(`rate(${of(metric)}[${window}])`, ...by)}`;

/** A quantile (0 to 1) of a histogram, by the labels given; `metric` is its name without `_bucket`. */
export const quantile = (q: number, metric: string, by: string[] = [], ...matchers: string[]): string =>
  `histogram_quantile(${q}, ${sum(rate(`${metric}_bucket`, ...matchers), 'le', ...by)})`;

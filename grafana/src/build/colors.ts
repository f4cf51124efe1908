/** What a colour means is the same on every dashboard. */
export const colors = {
  good: 'green',
  bad: 'red',
  warning: 'orange',
  old: 'yellow',
  limit: 'text',
  first: 'blue',
  second: 'purple',
  third: 'semi-dark-orange',
  quiet: 'light-blue',
} as const;

export type Color = (typeof colors)[keyof typeof colors];

/** Series with these names, wherever they stand. */
export const seriesColors: Record<string, Color> = {
  ok: colors.good,
  error: colors.bad,
  hit: colors.good,
  stale: colors.old,
  miss: colors.bad,
  delivered: colors.good,
  failed: colors.bad,
  none: colors.quiet,
  used: colors.first,
  idle: colors.quiet,
  limit: colors.limit,
  primary: colors.first,
  replica: colors.second,
  query: colors.first,
  mutation: colors.second,
  report: colors.third,
  p50: colors.good,
  p95: colors.warning,
  p99: colors.bad,
};

/** Which of these names a legend can come to that is a label. */
export const namesByLegend: Record<string, string[]> = {
  '{{outcome}}': ['hit', 'stale', 'miss', 'delivered', 'failed'],
  '{{cache}}': ['hit', 'stale', 'miss', 'none'],
  '{{target}}': ['primary', 'replica'],
  '{{kind}}': ['query', 'mutation', 'report'],
};

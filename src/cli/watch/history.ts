import { type MainFigures, type MetricSample, mainFiguresOf, metricSet } from '../../features/performance/index.ts';

/** What is drawn over time, the newest last. */
export interface Trends {
  perSecond: number[];
  failedShare: number[];
  p50Ms: number[];
  p95Ms: number[];
  p99Ms: number[];
  utilization: number[];
  rssBytes: number[];
  hitShare: number[];
}

/** All that a frame shows. */
export interface View {
  version: string;
  uptimeSeconds: number | null;
  /** Whether the figures are of the time between two looks; otherwise since the process began. */
  isRecent: boolean;
  figures: MainFigures;
  trends: Trends;
}

const MOST = 120;

const emptyTrends = (): Trends => ({
  ...{ perSecond: [], failedShare: [], p50Ms: [], p95Ms: [], p99Ms: [], utilization: [], rssBytes: [], hitShare: [] },
});

/** Hits among the answers asked of the first tier. */
export const hitShareOf = ({ cache }: MainFigures): number | null => {
  const asked = cache.tiers.find(({ tier }) => tier === 'memory')?.asked ?? 0;
  const hits = cache.tiers.reduce((sum, tier) => sum + tier.hits, 0);
  return asked === 0 ? null : Math.min(1, hits / asked);
};

const note = (trends: Trends, figures: MainFigures): void => {
  const { requests, eventLoop, memory } = figures;
  const now: Record<keyof Trends, number> = {
    perSecond: requests.perSecond,
    failedShare: requests.failedShare,
    p50Ms: requests.p50Ms ?? 0,
    p95Ms: requests.p95Ms ?? 0,
    p99Ms: requests.p99Ms ?? 0,
    utilization: eventLoop.utilization,
    rssBytes: memory.rssBytes,
    hitShare: hitShareOf(figures) ?? 0,
  };
  for (const [name, value] of Object.entries(now)) {
    const trend = trends[name as keyof Trends];
    trend.push(value);
    if (trend.length > MOST) trend.shift();
  }
};

/** Takes one scrape after the other, and answers what to show of it. Times in milliseconds. */
export const createHistory = () => {
  const trends = emptyTrends();
  let last: { samples: readonly MetricSample[]; atMs: number } | null = null;
  return (samples: readonly MetricSample[], atMs: number): View => {
    const set = metricSet(samples);
    const startedAt = set.value('process_start_time_seconds');
    const uptimeSeconds = startedAt === null ? null : Math.max(0, atMs / 1_000 - startedAt);
    const seconds = last ? (atMs - last.atMs) / 1_000 : (uptimeSeconds ?? 1);
    const figures = mainFiguresOf(samples, Math.max(seconds, 0.001), last?.samples);
    const isRecent = last !== null;
    // An average since the start is no point beside those of seconds.
    if (isRecent) note(trends, figures);
    last = { samples, atMs };
    return {
      version: set.labelsOf('innkeeper_build_info', 'version')[0] ?? '',
      uptimeSeconds,
      isRecent,
      figures,
      trends,
    };
  };
};

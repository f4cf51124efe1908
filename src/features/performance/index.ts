export { createAskedAnswers } from './asked-answers.ts';
export type { Cleared, ClearInput } from './cache-clearing.ts';
export type { CacheFigures } from './cache-figures.ts';
export { performanceEndpoints } from './endpoints.ts';
export { type MainFigures, mainFiguresOf } from './figures/main-figures.ts';
export { metricSet } from './figures/metric-set.ts';
export { type MetricSample, parseMetrics } from './figures/parse-metrics.ts';
export { createPerformanceRouter } from './router.ts';
export { createPerformance, type Performance, type PerformanceDeps } from './service.ts';

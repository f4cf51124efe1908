import { analyzeRedis } from '../../platform/cache/index.ts';
import { analyze } from '../../platform/db/analysis/analyze.ts';
import { maskSql } from '../../platform/telemetry/sql-mask.ts';
import { withApplication } from '../with-application.ts';
import { analysisPage } from './analysis-page.ts';
import { redisSection } from './redis-section.ts';

export interface AnalyzeOptions {
  dataDir?: string;
  json?: true;
  /** Seconds. */
  long: number;
}

/** Prints what the statistics of the database say, and what Redis says of itself where one is used, for people or as JSON. */
export const runAnalysis = async ({ json, long, ...place }: AnalyzeOptions): Promise<void> => {
  const { analysis, redis } = await withApplication(place, async ({ config, ownerUrl }) => ({
    analysis: await analyze({
      primaryUrl: ownerUrl,
      replicaUrls: config.DATABASE_REPLICA_URLS,
      longTransactionSeconds: long,
      mask: maskSql,
    }),
    redis: config.REDIS_URL ? await analyzeRedis(config.REDIS_URL) : null,
  }));
  const page = () => analysisPage(analysis) + redisSection(redis);
  process.stdout.write(json ? `${JSON.stringify({ ...analysis, redis }, null, 2)}\n` : page());
};

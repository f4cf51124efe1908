import { analyze } from '../../platform/db/analysis/analyze.ts';
import { maskSql } from '../../platform/telemetry/sql-mask.ts';
import { withApplication } from '../with-application.ts';
import { analysisPage } from './analysis-page.ts';

export interface AnalyzeOptions {
  dataDir?: string;
  json?: true;
  /** Seconds. */
  long: number;
}

/** Prints what the statistics of the database say, for people or as JSON. */
export const runAnalysis = async ({ json, long, ...place }: AnalyzeOptions): Promise<void> => {
  const analysis = await withApplication(place, ({ config, ownerUrl }) =>
    analyze({
      primaryUrl: ownerUrl,
      replicaUrls: config.DATABASE_REPLICA_URLS,
      longTransactionSeconds: long,
      mask: maskSql,
    }),
  );
  process.stdout.write(json ? `${JSON.stringify(analysis, null, 2)}\n` : analysisPage(analysis));
};

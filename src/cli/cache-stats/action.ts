import { createInnkeeperClient } from '../../client/index.ts';
import { cachePage } from './cache-page.ts';

export interface CacheStatsOptions {
  url: string;
  key: string;
  json?: true;
}

/** Asks a running server and prints what it says, for people or as JSON. Behind a load balancer one of many answers. */
export const printCacheStats = async ({ url, key, json }: CacheStatsOptions): Promise<void> => {
  const figures = await createInnkeeperClient({ url, apiKey: key }).performance.cache.query();
  process.stdout.write(json ? `${JSON.stringify(figures, null, 2)}\n` : cachePage(figures));
};

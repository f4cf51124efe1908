import type { Fault } from '../fault.ts';
import { crawl } from '../load.ts';

export const redisFaults: Fault[] = [
  {
    name: 'Redis is stopped',
    fires: ['RedisDown'],
    async begin({ redis }) {
      await redis.kill();
      return { mend: [{ runbook: 'RedisDown' }] };
    },
  },
  {
    name: 'Somebody asks for something new each time',
    fires: ['CacheHitsLow'],
    symptoms: ['LatencyP95High'],
    async begin({ url, ownerKey }, opened) {
      const stop = crawl(url, ownerKey);
      opened.defer(stop);
      return { mend: stop };
    },
  },
];

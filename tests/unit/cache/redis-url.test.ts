import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../src/config.ts';
import { redisOptionsOf } from '../../../src/platform/cache/shared/redis-url.ts';

test.for([
  ['redis://redis', { host: 'redis', port: 6_379, db: 0 }],
  ['redis://:p%40ss@10.0.0.1:6380/2', { host: '10.0.0.1', port: 6_380, db: 2, password: 'p@ss' }],
  ['redis://[::1]:6380', { host: '::1', port: 6_380, db: 0 }],
  ['rediss://me:secret@redis', { host: 'redis', port: 6_379, db: 0, username: 'me', password: 'secret', tls: {} }],
  [
    'redis+sentinel://one:26380,two/mymaster',
    {
      sentinels: [
        { host: 'one', port: 26_380 },
        { host: 'two', port: 26_379 },
      ],
      name: 'mymaster',
    },
  ],
  [
    'rediss+sentinel://me:secret@one/mymaster/3',
    {
      ...{ sentinels: [{ host: 'one', port: 26_379 }], name: 'mymaster', db: 3 },
      ...{ username: 'me', password: 'secret', sentinelUsername: 'me', sentinelPassword: 'secret' },
      ...{ tls: {}, enableTLSForSentinelMode: true },
    },
  ],
] as const)('%s leads to its server', ([url, options]) => {
  expect(readSettings({ REDIS_URL: url }).REDIS_URL).toBe(url);
  expect(redisOptionsOf(url)).toEqual(options);
});

describe('what leads nowhere is refused at the start, and its password is not told', () => {
  test.for(['http://:secret@redis', 'redis+sentinel://:secret@one', 'secret', 'rediss+sentinel:///secret'])(
    '%s',
    (url) => {
      expect(() => readSettings({ REDIS_URL: url })).toThrow(
        expect.objectContaining({
          faults: [expect.stringMatching(/^REDIS_URL must be a URL like redis:(?!.*secret)/)],
        }),
      );
    },
  );
});

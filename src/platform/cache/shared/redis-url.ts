import type { RedisOptions } from 'ioredis';

const SENTINEL = /^redi(ss?)\+sentinel:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^@/?#]+)\/([^/?#]+)(?:\/(\d+))?$/;

const text = (value: string | undefined): string | undefined => (value ? decodeURIComponent(value) : undefined);

const given = <T extends object>(options: T): Partial<T> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;

/** `[v6]:port` and `host:port`. */
const addressOf = (address: string, usualPort: number) => {
  const [, host = address, port] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(address) ?? [];
  return { host: host.replace(/^\[|\]$/g, ''), port: port ? Number(port) : usualPort };
};

/**
 * Where Redis is: `redis://` or `rediss://`, or `redis+sentinel://user:password@host:26379,host2:26379/master/database`, whose
 * user and password are the server's and the sentinels'. Throws TypeError, which does not name the text, for any other.
 */
export const redisOptionsOf = (url: string): RedisOptions => {
  const [, secure, user, secret, hosts = '', name = '', database] = SENTINEL.exec(url) ?? [];
  const username = text(user);
  const password = text(secret);
  if (secure !== undefined) {
    return {
      sentinels: hosts.split(',').map((address) => addressOf(address, 26_379)),
      name: decodeURIComponent(name),
      ...given({ username, password, sentinelUsername: username, sentinelPassword: password }),
      ...given({ db: database === undefined ? undefined : Number(database) }),
      ...(secure === 'ss' && { tls: {}, enableTLSForSentinelMode: true }),
    };
  }
  const parsed = URL.parse(url);
  if (!parsed || !/^rediss?:$/.test(parsed.protocol) || !parsed.hostname)
    throw new TypeError('REDIS_URL is no URL of Redis');
  const [, chosen] = /^\/(\d+)$/.exec(parsed.pathname) ?? [];
  return {
    ...addressOf(parsed.host, 6_379),
    ...given({ username: text(parsed.username), password: text(parsed.password), db: Number(chosen ?? 0) }),
    ...(parsed.protocol === 'rediss:' && { tls: {} }),
  };
};

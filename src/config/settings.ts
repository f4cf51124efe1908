import { z } from 'zod';
import { LOG_LEVELS, LOG_MODULES } from '../kernel/log-levels.ts';
import {
  cron,
  databaseUrls,
  dependentInteger,
  dependentToggle,
  integer,
  logLevels,
  matching,
  oneOf,
  optionalDatabaseUrl,
  optionalHttpAddress,
  optionalRedisUrl,
  optionalSecret,
  pauses,
  processName,
  proxies,
  toggle,
} from './kinds.ts';

const WITH_THE_EMBEDDED = 'true with the embedded database';
const MADE = 'made with the embedded database';

/** 5 s, 30 s, 2, 10 and 30 minutes, 1, 2, 4, 8, 12, 20 and 24 hours. */
const THREE_DAYS_OF_PAUSES_MS = [
  ...[5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000],
  ...[14_400_000, 28_800_000, 43_200_000, 72_000_000, 86_400_000],
];

/** Every setting, under the headings of `docs/configuration.md`. */
export const sections = {
  Server: {
    HOST: matching(/^[\w.:-]{1,253}$/, 'host name or IP address', '127.0.0.1', 'Address to listen on.'),
    PORT: integer(3000, 0, 65_535, 'Port to listen on; 0 picks a free one.'),
    PROCESS_NAME: processName('What this process is called where it tells of itself.'),
    MAX_CONNECTIONS: integer(10_000, 1, 1_000_000, 'Client connections at a time; those beyond are closed at once.'),
    REQUEST_TIMEOUT_MS: integer(30_000, 100, 600_000, 'Longest time that a client may take to send a request.'),
    SEND_TIMEOUT_MS: integer(30_000, 100, 600_000, 'A client that reads nothing of its answer for so long is cut off.'),
    KEEP_ALIVE_MS: integer(
      70_000,
      0,
      3_600_000,
      'How long an idle connection stays open; longer than the proxy keeps it.',
    ),
    SLOW_REQUEST_MS: integer(1_000, 1, 600_000, 'Requests slower than this are logged as warnings.'),
    DRAIN_DELAY_MS: integer(
      0,
      0,
      600_000,
      'How long requests are still taken after a stop signal, for load balancers to see that /readyz says no.',
    ),
    STREAM_PING_MS: integer(15_000, 10, 60_000, 'Time between heartbeats of a subscription.'),
    STREAM_ACCESS_CHECK_MS: integer(
      60_000,
      10,
      60_000,
      'How often it is checked whether a subscriber may still see what it gets.',
    ),
    SHUTDOWN_GRACE_MS: integer(10_000, 0, 600_000, 'How long running requests may then take to finish.'),
  },
  Operations: {
    ADMIN_HOST: matching(
      /^[\w.:-]{1,253}$/,
      'host name or IP address',
      '127.0.0.1',
      'Address on which metrics, health and performance are told without credentials: not for the public.',
    ),
    ADMIN_PORT: dependentInteger(
      'PORT + 6464; a free one for workers',
      0,
      65_535,
      'Port for that; 0 picks a free one.',
    ),
    COUNT_INTERVAL_MS: integer(
      10_000,
      100,
      600_000,
      'How often a worker counts holds, waiting events, deliveries and jobs in the database.',
    ),
    PROMETHEUS_URL: optionalHttpAddress('Prometheus, to ask for alerts where an operator asks for them.'),
    ALERTMANAGER_URL: optionalHttpAddress('Alertmanager, to ask for alerts in place of Prometheus.'),
    PERFORMANCE_API_FOR_OWNERS: toggle(
      false,
      'Give every tenant’s owner, over the API, what concerns all tenants too: clearing the whole cache, collecting garbage, alerts, raw metrics, statements and the database’s counts. For installations whose tenants all are one owner’s; else these are told on the admin port only.',
    ),
    PROFILING: toggle(
      false,
      'Take heap snapshots and CPU profiles when the admin port is asked for them. A snapshot stops the process for seconds and holds all that is in its memory, personal data and secrets too.',
    ),
  },
  Limits: {
    MAX_QUERIES: dependentInteger(
      'the connections to read with',
      1,
      10_000,
      'Queries that run at a time. Without replicas the default leaves a fifth of the pool to writes and to finding out who calls.',
    ),
    MAX_MUTATIONS: integer(100, 1, 10_000, 'Mutations that run at a time.'),
    MAX_REPORTS: integer(2, 1, 1_000, 'Reports that run at a time.'),
    MAX_QUEUED: integer(500, 0, 100_000, 'Calls of each kind that may wait for their turn; more are refused at once.'),
    QUEUE_TIMEOUT_MS: integer(2_000, 1, 600_000, 'Longest wait for a turn.'),
    DEADLINE_MS: integer(
      30_000,
      1,
      3_600_000,
      'How long a request may take that does not say so by X-Request-Timeout-Ms; then nothing more is begun for it.',
    ),
    MIN_DEADLINE_MS: integer(1_000, 1, 3_600_000, 'What one is given who asks for less.'),
    MAX_DEADLINE_MS: integer(120_000, 1, 3_600_000, 'The most that one may ask for.'),
    RATE_LIMIT_ANONYMOUS: integer(
      100,
      0,
      1_000_000_000,
      'Calls a minute for an address without valid credentials (of IPv6: the network of 64 bits); 0 is no limit.',
    ),
    RATE_LIMIT_PUBLISHABLE: integer(0, 0, 1_000_000_000, 'The same for a publishable key, from each address.'),
    RATE_LIMIT_SECRET: integer(0, 0, 1_000_000_000, 'The same for a secret key, from wherever.'),
    RATE_LIMIT_USER: integer(0, 0, 1_000_000_000, 'The same for a user, in all their sessions.'),
    TRUST_PROXY: proxies(
      'Proxies that are believed when X-Forwarded-For names the client: 1 for one before the server, or where they are, like 10.0.0.0/8,loopback. Only set it where clients can’t reach the server past them.',
    ),
  },
  Secrets: {
    DATA_KEY: optionalSecret(
      MADE,
      'Master secret under which guests’ keys are wrapped; without it their personal data is lost. Required beside DATABASE_URL.',
    ),
    AUTH_SECRET: optionalSecret(MADE, 'Secret that signs access tokens. Required beside DATABASE_URL.'),
  },
  Database: {
    DATABASE_URL: optionalDatabaseUrl(
      'the embedded database',
      'The primary. Of several hosts (`postgres://user:password@host1:5432,host2:5432/database`) the one that takes writes.',
    ),
    DATABASE_REPLICA_URLS: databaseUrls('Replicas for reads.'),
    DATABASE_MIGRATION_URL: optionalDatabaseUrl(
      'DATABASE_URL',
      'Login that owns the tables, for migrations; with several hosts as DATABASE_URL.',
    ),
    DATABASE_ROLE: matching(
      /^[a-z_][a-z0-9_]{0,62}$/,
      'PostgreSQL role name',
      'innkeeper_app',
      'Role that every connection takes; held to row-level security.',
    ),
    DATABASE_POOLER: toggle(
      false,
      'DATABASE_URL and the replicas’ lead to a pooler in transaction mode, such as PgBouncer; DATABASE_MIGRATION_URL must not.',
    ),
    DATABASE_POOL_SIZE: integer(10, 1, 500, 'Most connections of a pool (the primary’s, and each replica’s).'),
    DATABASE_POOL_LEAST: integer(2, 0, 500, 'Connections that a pool keeps while little is asked.'),
    DATABASE_CONNECTION_LIFE_MS: integer(3_600_000, 1_000, 86_400_000, 'A connection is replaced after so long.'),
    SERVING_PROCESSES: integer(
      1,
      1,
      10_000,
      'Processes that serve at a time at most, those that start and stop during a roll-out included; what they may want is checked against max_connections.',
    ),
    WORKER_PROCESSES: integer(1, 0, 10_000, 'The same for workers.'),
    DATABASE_RESERVED_CONNECTIONS: integer(
      5,
      0,
      10_000,
      'Connections that are left for people, backups and monitoring.',
    ),
    DATABASE_ACQUIRE_TIMEOUT_MS: integer(5_000, 10, 60_000, 'Longest wait for a free connection.'),
    DATABASE_STATEMENT_TIMEOUT_MS: integer(10_000, 100, 600_000, 'Longest time of one statement.'),
    DATABASE_IDLE_TIMEOUT_MS: integer(30_000, 0, 3_600_000, 'How long an unused connection is kept.'),
    DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: integer(
      30_000,
      100,
      600_000,
      'Longest pause between two statements of a transaction, before the server ends it.',
    ),
    DATABASE_CHECK_MS: integer(1_000, 10, 60_000, 'How often the primary and its replicas are asked where they stand.'),
    DATABASE_CHECK_TIMEOUT_MS: integer(
      2_000,
      10,
      60_000,
      'Longest wait for the answer; a server that gives none twice in a row is not used until it does.',
    ),
    REPLICA_MAX_LAG_MS: integer(10_000, 10, 600_000, 'A replica further behind is not read from.'),
    REPLICA_WAIT_MS: integer(
      5,
      0,
      10_000,
      'How long a read waits for a replica to reach what its caller has seen, before it goes to the primary.',
    ),
    REPLICA_BEHIND_MS: integer(2_000, 0, 60_000, 'How long it waits while the primary is gone.'),
    SLOW_QUERY_MS: integer(500, 1, 600_000, 'Statements slower than this are logged as warnings.'),
    READINESS_TIMEOUT_MS: integer(2_000, 10, 60_000, 'Longest wait for a database’s answer when /readyz is asked.'),
    MIGRATE_ON_START: dependentToggle(WITH_THE_EMBEDDED, 'Run pending migrations before serving.'),
    MIGRATION_LOCK_TIMEOUT_MS: integer(5_000, 100, 600_000, 'Longest wait of a migration for a table’s lock.'),
  },
  'Embedded database': {
    INNKEEPER_DATA_DIR: matching(
      /^[^\0]+$/,
      'path',
      '.innkeeper',
      'Folder that holds all of it; used without DATABASE_URL.',
    ),
    EMBEDDED_STANDBY: toggle(true, 'Also run a streaming standby, for reads.'),
    LOAD_SAMPLE: dependentToggle(WITH_THE_EMBEDDED, 'Make the tenant `demo` with the sample in an empty database.'),
  },
  Bookings: {
    HORIZON_DAYS: integer(750, 750, 3_650, 'Days ahead that have inventory.'),
    HORIZON_INTERVAL_MS: integer(3_600_000, 1_000, 86_400_000, 'How often the horizon is rolled on.'),
    HOLD_MINUTES: integer(10, 1, 1_440, 'How long a hold lasts unless told otherwise.'),
    SWEEP_INTERVAL_MS: integer(5_000, 100, 3_600_000, 'How often expired holds are tidied up.'),
    KEY_EXPIRY_INTERVAL_MS: integer(600_000, 1_000, 86_400_000, 'How often outdated idempotency keys are deleted.'),
  },
  Cache: {
    CACHE_MB: integer(64, 0, 65_536, 'Megabytes of answers kept in a process; 0 keeps none there.'),
    CACHE_POLL_MS: integer(
      2_000,
      10,
      4_000,
      'How often it is asked whether what is kept has changed, where nobody told.',
    ),
    WARM_KEYS: integer(
      1_000,
      0,
      100_000,
      'Answers that are filled ahead at start and on schedule, of those that were asked for most; 0 fills none.',
    ),
    WARM_CONNECTIONS: integer(2, 1, 100, 'How many of them are filled at a time; they give way to requests.'),
    WARM_INTERVAL_MS: integer(
      300_000,
      1_000,
      86_400_000,
      'How often that is done, and how often it is noted for the next start what was asked for.',
    ),
    REDIS_URL: optionalRedisUrl(
      'Redis (or Valkey), where processes leave answers for each other; unset: each keeps its own. By Sentinel: redis+sentinel://host:26379,host2:26379/master.',
    ),
    REDIS_PREFIX: matching(
      /^[\w:.{}-]{1,100}$/,
      'text of letters, digits and _:.{}-',
      'innkeeper:',
      'Before each key in Redis. One for each database, and a new one for a database that was set back to an earlier state.',
    ),
    REDIS_TIMEOUT_MS: integer(50, 5, 5_000, 'Longest wait for an answer of Redis; after that, it is done without.'),
  },
  Search: {
    SEARCH_INDEX: toggle(
      true,
      'Keep what tenants sell in memory, for searches; otherwise all of them go to the database.',
    ),
    SEARCH_INDEX_MB: integer(
      256,
      1,
      65_536,
      'Megabytes that all tenants’ indexes in a process may take; a tenant that needs more is searched in the database.',
    ),
    SEARCH_INDEX_MAX_LAG_MS: integer(
      1_000,
      50,
      60_000,
      'An index without news for so long is not asked; it looks for news four times as often.',
    ),
  },
  'Background work': {
    JOBS_IN_SERVE: dependentToggle(
      WITH_THE_EMBEDDED,
      'Do the background work in `serve` too; otherwise run `innkeeper worker` beside it.',
    ),
    DISPATCH_INTERVAL_MS: integer(
      1_000,
      1_000,
      60_000,
      'How often events and deliveries are looked for that nobody was woken for.',
    ),
    JOBS_POOL_SIZE: integer(4, 2, 100, 'Connections for the queue of background work.'),
    LEDGER_CHECK_CRON: cron('47 2 * * *', 'When the background work runs what `innkeeper verify` does.'),
    MAINTAIN_CRON: cron('17 3 * * *', 'When `innkeeper maintain` is run by the background work.'),
    AUDIT_RETENTION_DAYS: integer(730, 30, 36_500, 'How long audit entries are kept.'),
    EVENT_RETENTION_DAYS: integer(
      90,
      // Deliveries go with their events, and are tried for three days.
      4,
      36_500,
      'How long events are kept at least; those that a consumer has not been told of stay longer.',
    ),
  },
  Webhooks: {
    WEBHOOK_ENDPOINTS: integer(20, 1, 1_000, 'Endpoints that a tenant may have.'),
    WEBHOOK_CONCURRENCY: integer(16, 1, 256, 'Deliveries under way at once to one endpoint.'),
    WEBHOOK_TIMEOUT_MS: integer(15_000, 100, 60_000, 'Longest time of one delivery.'),
    WEBHOOK_RETRY_PAUSES_MS: pauses(
      THREE_DAYS_OF_PAUSES_MS,
      'Pauses before a failed delivery is tried again; after the last it is given up.',
    ),
    WEBHOOK_ALLOW_PRIVATE: toggle(
      false,
      'Also deliver to private and loopback addresses, and over http; for tests and closed networks only.',
    ),
  },
  Access: {
    ACCESS_TOKEN_MINUTES: integer(15, 1, 1_440, 'How long an access token is good for.'),
    SESSION_DAYS: integer(30, 1, 365, 'How long a session lasts after its last refresh.'),
    SIGN_IN_WINDOW_MINUTES: integer(15, 1, 1_440, 'The window in which failed sign-ins are counted.'),
    SIGN_IN_ATTEMPTS_PER_ACCOUNT: integer(5, 1, 1_000, 'Failed sign-ins that an account may have within the window.'),
    SIGN_IN_ATTEMPTS_PER_ADDRESS: integer(20, 1, 100_000, 'Those that a source address may have.'),
  },
  Log: {
    LOG_LEVEL: oneOf(LOG_LEVELS, 'info', 'Lowest level that is logged.'),
    LOG_LEVELS: logLevels(
      `The same for single modules, like statements=trace,requests=warn: ${LOG_MODULES.join(', ')}. The admin port changes them while the process runs.`,
    ),
    LOG_FORMAT: oneOf(
      ['auto', 'json', 'text'],
      'auto',
      'Lines of JSON, or for the eye; auto is text on a terminal unless NODE_ENV is production.',
    ),
  },
};

export const settings = z.object({
  ...sections.Server,
  ...sections.Operations,
  ...sections.Limits,
  ...sections.Secrets,
  ...sections.Database,
  ...sections['Embedded database'],
  ...sections.Bookings,
  ...sections.Cache,
  ...sections.Search,
  ...sections['Background work'],
  ...sections.Webhooks,
  ...sections.Access,
  ...sections.Log,
});

export type Settings = z.infer<typeof settings>;

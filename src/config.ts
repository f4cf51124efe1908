import { z } from 'zod';

const integer = (defaultValue: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(defaultValue);

/** Every setting with its type, default and meaning; `docs/configuration.md` is made from it. */
const settings = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address to listen on.'),
  PORT: integer(3000, 0, 65_535).describe('Port to listen on; 0 picks a free one.'),
  DATA_KEY: z.string().min(32).describe('Master secret under which guests’ keys are wrapped; at least 32 characters.'),
  AUTH_SECRET: z.string().min(32).describe('Secret that signs access tokens; at least 32 characters.'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).describe('The primary.'),
  DATABASE_MIGRATION_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('Login that owns the tables; DATABASE_URL unless given.'),
  DATABASE_REPLICA_URLS: z
    .string()
    .default('')
    .transform((list) => list.split(',').filter(Boolean))
    .pipe(z.array(z.url({ protocol: /^postgres(ql)?$/ })))
    .describe('Replicas for reads, separated by commas.'),
  DATABASE_ROLE: z
    .string()
    .regex(/^[a-z_][a-z0-9_]*$/)
    .default('innkeeper_app')
    .describe('Role that every connection takes; held to row-level security.'),
  DATABASE_POOL_SIZE: integer(10, 1, 500).describe('Connections per pool (primary, and each replica).'),
  DATABASE_ACQUIRE_TIMEOUT_MS: integer(5_000, 10, 60_000).describe('Longest wait for a free connection.'),
  DATABASE_STATEMENT_TIMEOUT_MS: integer(10_000, 100, 600_000).describe('Longest time of one statement.'),
  HORIZON_DAYS: integer(750, 750, 3_650).describe('Days ahead that have inventory.'),
  HOLD_MINUTES: integer(10, 1, 1_440).describe('How long a hold lasts unless told otherwise.'),
  SWEEP_INTERVAL_MS: integer(5_000, 100, 3_600_000).describe('How often expired holds are tidied up.'),
  SHUTDOWN_GRACE_MS: integer(10_000, 0, 600_000).describe('How long running requests may take after a stop signal.'),
  SLOW_REQUEST_MS: integer(1_000, 1, 600_000).describe('Requests slower than this are logged as warnings.'),
  SLOW_QUERY_MS: integer(500, 1, 600_000).describe('Statements slower than this are logged as warnings.'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Lowest level that is logged.'),
});

export type Config = z.infer<typeof settings>;

/** All faults of a configuration at once. */
export class ConfigError extends Error {
  readonly faults: string[];

  constructor(faults: string[]) {
    super(
      `The configuration has ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** Reads settings from `environment`; throws ConfigError naming every fault. */
export const readConfig = (environment: Record<string, string | undefined>): Config => {
  const parsed = settings.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
};

import { type Description, descriptions } from './config/kinds.ts';
import { type Settings, sections, settings } from './config/settings.ts';

export type { Settings } from './config/settings.ts';

/**
 * What a process is told by its environment, read here and nowhere else. The one exception are the `OTEL_*`, which the SDK of
 * OpenTelemetry reads by itself (`platform/telemetry/preload.ts`).
 */
export type Environment = Record<string, string | undefined>;

/** Settings with all that the server can't do without; with the embedded database they come from its data folder. */
export type Config = Settings & { DATABASE_URL: string; DATA_KEY: string; AUTH_SECRET: string };

/** All faults of a configuration at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: string[];

  constructor(faults: string[]) {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    super(`The configuration has ${count}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

const NEEDED_BESIDE_A_URL = ['DATA_KEY', 'AUTH_SECRET'] as const;

/**
 * Reads every setting; an empty one counts as not given. Throws ConfigError naming every fault, never a value. Secrets
 * may be missing where they are not `needed`, as for migrations.
 */
export const readSettings = (
  environment: Environment = process.env,
  secrets: 'needed' | 'not needed' = 'needed',
): Settings => {
  const given = Object.fromEntries(Object.keys(settings.shape).map((name) => [name, environment[name] || undefined]));
  const parsed = settings.safeParse(given);
  const faults = parsed.error?.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`) ?? [];
  if (given.DATABASE_URL) {
    for (const name of NEEDED_BESIDE_A_URL) {
      if (secrets === 'needed' && !given[name])
        faults.push(`${name} is required beside DATABASE_URL: 32 random characters or more.`);
    }
  } else {
    for (const name of ['DATABASE_REPLICA_URLS', 'DATABASE_MIGRATION_URL']) {
      if (given[name]) faults.push(`${name} needs DATABASE_URL beside it.`);
    }
  }
  if (given.DATABASE_POOLER === 'true' && !given.DATABASE_MIGRATION_URL) {
    faults.push(
      'DATABASE_MIGRATION_URL is required with DATABASE_POOLER: migrations and background work need a direct way.',
    );
  }
  if (!parsed.success || faults.length) throw new ConfigError(faults);
  return parsed.data;
};

/** As readSettings, for an external database: throws ConfigError without DATABASE_URL. */
export const readConfig = (environment: Environment = process.env): Config => {
  const read = readSettings(environment);
  const { DATABASE_URL, DATA_KEY, AUTH_SECRET } = read;
  if (!DATABASE_URL || !DATA_KEY || !AUTH_SECRET) throw new ConfigError(['DATABASE_URL is required.']);
  return { ...read, DATABASE_URL, DATA_KEY, AUTH_SECRET };
};

export interface SettingRow extends Description {
  section: string;
  name: string;
}

/** Every setting with its type, default and meaning, in the order of the documentation. */
export const settingRows = (): SettingRow[] =>
  Object.entries(sections).flatMap(([section, shape]) =>
    Object.entries(shape).map(([name, schema]) => {
      const description = descriptions.get(schema);
      if (!description) throw new Error(`the setting ${name} is not described`);
      return { section, name, ...description };
    }),
  );

const shown = (value: unknown, secret: boolean): string | null => {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return null;
  return secret ? '(set)' : String(value);
};

/** The values in force by name, secrets as '(set)', null where neither a value nor a fixed default is given. Throws ConfigError. */
export const currentSettings = (environment: Environment = process.env): Record<string, string | null> => {
  const values: Record<string, unknown> = readSettings(environment);
  return Object.fromEntries(settingRows().map(({ name, secret }) => [name, shown(values[name], secret)]));
};

/** The environment with options of the command line over it, where they are given. */
export const overriddenBy = (options: Environment, environment: Environment = process.env): Environment => ({
  ...environment,
  ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
});

/** How the process was started; not settings. */
export const readSurroundings = (environment: Environment = process.env) => ({
  production: environment.NODE_ENV === 'production',
  colourless: Boolean(environment.NO_COLOR),
  /** True when an npm script runs this, which then is the one that Ctrl-C or a kill is meant for. */
  startedByNpm: environment.npm_lifecycle_event !== undefined,
});

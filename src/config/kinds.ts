import { hostname } from 'node:os';
import { z } from 'zod';
import { hostListFaults, hostUrls } from '../kernel/host-list.ts';
import { LOG_LEVELS, LOG_MODULES, parseLogLevels } from '../kernel/log-levels.ts';
import { isAddressRange } from './address-range.ts';
import { isCron } from './cron.ts';

/** What the table of settings says about one; the schema itself knows only how to read it. */
export interface Description {
  type: string;
  /** As it would be written; null when there is none. */
  default: string | null;
  meaning: string;
  /** True when the value must not be shown. */
  secret: boolean;
}

export const descriptions = z.registry<Description>();

const text = (message: string, accepts: (value: string) => boolean) =>
  z.string(`must be ${message}`).refine(accepts, { error: `must be ${message}` });

const describe = <T extends z.ZodType>(
  schema: T,
  type: string,
  meaning: string,
  more: Partial<Description> = {},
): T => {
  descriptions.add(schema, { type, default: null, secret: false, meaning, ...more });
  return schema;
};

/** A whole number, both bounds included; milliseconds where the name ends in _MS. */
export const integer = (byDefault: number, min: number, max: number, meaning: string) =>
  describe(
    text(`a whole number from ${min} to ${max}`, (value) => /^\d{1,15}$/.test(value) && +value >= min && +value <= max)
      .transform(Number)
      .prefault(String(byDefault)),
    `integer, ${min} to ${max}`,
    meaning,
    { default: String(byDefault) },
  );

/** The same where the default depends on others; `byDefault` says how. */
export const dependentInteger = (byDefault: string, min: number, max: number, meaning: string) =>
  describe(
    text(`a whole number from ${min} to ${max}`, (value) => /^\d{1,15}$/.test(value) && +value >= min && +value <= max)
      .transform(Number)
      .optional(),
    `integer, ${min} to ${max}`,
    meaning,
    { default: byDefault },
  );

/** How many proxies stand before the server, or where they are; null for none. */
export const proxies = (meaning: string) =>
  describe(
    text(
      'a number of hops from 1 to 9, or addresses and networks separated by commas',
      (value) => /^[1-9]$/.test(value) || value.split(',').every(isAddressRange),
    )
      .transform((value) => (/^[1-9]$/.test(value) ? Number(value) : value.split(',')))
      .optional(),
    'hops, or addresses and networks separated by commas',
    meaning,
  );

const truth = () =>
  text('true or false', (value) => /^(true|false)$/.test(value)).transform((value) => value === 'true');

export const toggle = (byDefault: boolean, meaning: string) =>
  describe(truth().prefault(String(byDefault)), 'true or false', meaning, { default: String(byDefault) });

/** A switch whose default depends on others; `byDefault` says how. */
export const dependentToggle = (byDefault: string, meaning: string) =>
  describe(truth().optional(), 'true or false', meaning, { default: byDefault });

export const oneOf = <const Names extends readonly [string, ...string[]]>(
  names: Names,
  byDefault: Names[number],
  meaning: string,
) =>
  describe(
    z.enum(names, { error: `must be one of ${names.join(', ')}` }).default(byDefault),
    `one of ${names.join(', ')}`,
    meaning,
    { default: byDefault },
  );

/** Text that matches `shape`, which `type` says in words. */
export const matching = (shape: RegExp, type: string, byDefault: string, meaning: string) =>
  describe(text(`a ${type}`, (value) => shape.test(value)).default(byDefault), type, meaning, { default: byDefault });

/** A name for the process; the machine's, which in a container is the container's, unless given. */
export const processName = (meaning: string) =>
  describe(
    text('a name of up to 253 letters, digits and ._-', (value) => /^[\w.-]{1,253}$/.test(value)).default(hostname),
    'name',
    meaning,
    { default: 'the host name' },
  );

export const cron = (byDefault: string, meaning: string) =>
  describe(
    text('a cron expression of five fields in numbers, like 17 3 * * *', isCron).default(byDefault),
    'cron expression, UTC',
    meaning,
    {
      default: byDefault,
    },
  );

const isDatabaseUrl = (value: string) => /^postgres(ql)?:$/.test(URL.parse(value)?.protocol ?? '');

/** Of one host, or of several of which one is the primary. */
const primaryUrl = () =>
  z.string().superRefine((value, { addIssue }) => {
    const faults = hostListFaults(value);
    for (const message of faults) addIssue({ code: 'custom', message });
    if (faults.length === 0 && !hostUrls(value).every(isDatabaseUrl)) {
      addIssue({ code: 'custom', message: 'must be a URL like postgres://user:password@host:5432/database' });
    }
  });

export const optionalDatabaseUrl = (byDefault: string | null, meaning: string) =>
  describe(primaryUrl().optional(), 'postgres:// URL', meaning, { default: byDefault, secret: true });

export const databaseUrls = (meaning: string) =>
  describe(
    text('postgres:// URLs, separated by commas', (value) => value.split(',').every(isDatabaseUrl))
      .optional()
      .transform((list) => list?.split(',') ?? []),
    'postgres:// URLs, separated by commas',
    meaning,
    { secret: true },
  );

const isRedisUrl = (value: string) =>
  /^redi(s|ss)\+sentinel:\/\/([^@/?#]*@)?[^@/?#]+\/[^/?#]+(\/\d+)?$/.test(value) ||
  /^rediss?:$/.test(URL.parse(value)?.protocol ?? '');

export const optionalRedisUrl = (meaning: string) =>
  describe(
    text(
      'a URL like redis://user:password@host:6379/0 or redis+sentinel://host:26379,host2:26379/master',
      isRedisUrl,
    ).optional(),
    'redis://, rediss:// or redis+sentinel:// URL',
    meaning,
    { secret: true },
  );

/** Whole numbers from 0 to a day's milliseconds, separated by commas. */
export const pauses = (byDefault: readonly number[], meaning: string) =>
  describe(
    text('milliseconds of a day at most, separated by commas', (value) =>
      value.split(',').every((pause) => /^\d{1,8}$/.test(pause) && Number(pause) <= 86_400_000),
    )
      .transform((list) => list.split(',').map(Number))
      .prefault(byDefault.join(',')),
    'milliseconds, separated by commas',
    meaning,
    { default: byDefault.join(',') },
  );

/** At least 32 characters; never printed. */
export const optionalSecret = (byDefault: string, meaning: string) =>
  describe(
    text('at least 32 characters long', (value) => value.length >= 32).optional(),
    'secret, 32 characters or more',
    meaning,
    {
      default: byDefault,
      secret: true,
    },
  );

const isHttpAddress = (value: string): boolean => {
  const url = URL.parse(value);
  return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
};

/** The address of an HTTP service; paths are added to it. */
export const optionalHttpAddress = (meaning: string) =>
  describe(
    text('an http:// or https:// address without credentials, like http://prometheus:9090', isHttpAddress)
      .transform((value) => value.replace(/\/+$/, ''))
      .optional(),
    'http:// or https:// address',
    meaning,
  );

/** A level of its own for some modules of the log, as parseLogLevels reads it. */
export const logLevels = (meaning: string) =>
  describe(
    text(
      `module=level, separated by commas, of the modules ${LOG_MODULES.join(', ')} and the levels ${LOG_LEVELS.join(', ')}`,
      (value) => parseLogLevels(value) !== null,
    ).optional(),
    'module=level, separated by commas',
    meaning,
  );

/** Where lines of the log come from; each can have a level of its own. */
export const LOG_MODULES = [
  'startup',
  'requests',
  'statements',
  'database',
  'replicas',
  'cache',
  'jobs',
  'events',
  'webhooks',
  'operations',
] as const;
export type LogModule = (typeof LOG_MODULES)[number];

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const isOneOf = <Name extends string>(names: readonly Name[], text: string | undefined): text is Name =>
  (names as readonly (string | undefined)[]).includes(text);

/** Reads `statements=debug,requests=warn`; null for anything else, a module named twice included. */
export const parseLogLevels = (text: string): Partial<Record<LogModule, LogLevel>> | null => {
  const levels: Partial<Record<LogModule, LogLevel>> = {};
  for (const part of text.split(',')) {
    const [module, level, ...rest] = part.split('=');
    if (!isOneOf(LOG_MODULES, module) || !isOneOf(LOG_LEVELS, level) || rest.length || levels[module]) return null;
    levels[module] = level;
  }
  return levels;
};

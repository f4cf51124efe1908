import { z } from 'zod';
import { LOG_LEVELS, LOG_MODULES, type LogLevel, type LogModule } from '../../kernel/log-levels.ts';
import type { Endpoints } from './performance-routes.ts';

export interface Levels {
  levels(): Record<LogModule, LogLevel>;
  set(module: LogModule, level: LogLevel): void;
}

const change = z.strictObject({ module: z.enum(LOG_MODULES), level: z.enum(LOG_LEVELS) });

/** Tells and changes what each module of the log writes, until the process ends. */
export const logLevelEndpoints = (host: string, log: Levels, onOperation: (operation: string) => void): Endpoints => {
  const levels = () => ({ host, levels: log.levels() });
  return {
    read: { '/performance/log-level': levels },
    manage: {
      '/performance/log-level'(body) {
        const { module, level } = change.parse(body);
        onOperation(`log level of ${module}: ${level}`);
        log.set(module, level);
        return levels();
      },
    },
  };
};

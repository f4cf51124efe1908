import { LOG_MODULES, type LogLevel, type LogModule } from '../../kernel/log-levels.ts';

/** A module's lowest level that is written, as a number that is cheap to compare. */
export interface Threshold {
  severity: number;
}

export const SEVERITY: Record<LogLevel, number> = { trace: 0, debug: 1, info: 2, warn: 3, error: 4, silent: 5 };

/** The lowest level that each module writes. Changes count at once. */
export interface LogThresholds {
  of(module: LogModule): Threshold;
  levels(): Record<LogModule, LogLevel>;
  set(module: LogModule, level: LogLevel): void;
}

/** All modules at `level`, save those that `levels` names. */
export const createLogThresholds = (
  level: LogLevel,
  levels: Partial<Record<LogModule, LogLevel>> = {},
): LogThresholds => {
  const inForce = Object.fromEntries(LOG_MODULES.map((module) => [module, levels[module] ?? level])) as Record<
    LogModule,
    LogLevel
  >;
  const thresholds = Object.fromEntries(
    LOG_MODULES.map((module) => [module, { severity: SEVERITY[inForce[module]] }]),
  ) as Record<LogModule, Threshold>;
  return {
    of: (module) => thresholds[module],
    levels: () => ({ ...inForce }),
    set(module, next) {
      inForce[module] = next;
      thresholds[module].severity = SEVERITY[next];
    },
  };
};

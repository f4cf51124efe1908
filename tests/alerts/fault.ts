import type { ScrapeTarget } from '../../prometheus/src/settings.ts';
import type { Stage } from './stage.ts';

/** Commands of a runbook: the first block of its mends unless told otherwise. */
export interface RunbookMend {
  runbook: string;
  block?: number;
  /** Beside what every runbook may use. */
  environment?: Record<string, string>;
}

export interface Begun {
  /** How it is mended: by a runbook, or undone by a function where that is not a matter of commands. */
  mend: readonly RunbookMend[] | (() => Promise<unknown> | unknown);
}

export interface Fault {
  /** What is done to the system, for the table. */
  name: string;
  /** Alerts that have to fire; `ErrorBudgetBurn 1h` is that with the window 1h. */
  fires: readonly string[];
  /** Which of them Alertmanager may keep to itself, since another one tells the cause. */
  inhibited?: readonly string[];
  /** Alerts that may fire too, since they follow from it. */
  symptoms?: readonly string[];
  /** Whose first query has to show it; the runbook of the first alert unless told otherwise, null for none. */
  shownBy?: string | null;
  /** How long until all have fired, at most. Default 60 s. */
  withinMs?: number;
  /** Why it can't be done here; null when it can. */
  impossible?(): string | null;
  /** What has to be there beforehand; answers what is scraped beside the stage's own processes. */
  prepare?(stage: Stage, opened: AsyncDisposableStack): Promise<ScrapeTarget[]>;
  begin(stage: Stage, opened: AsyncDisposableStack): Promise<Begun>;
}

/** Where calls fail, the budget is used up too; the windows of days go on for days and are not waited for. */
export const FAILING_CALLS = ['ErrorRateHigh', 'ErrorBudgetBurn 1h', 'ErrorBudgetBurn 6h'] as const;
/** Where calls take too long. */
export const SLOW_CALLS = ['LatencyP95High', 'ErrorBudgetBurn 1h', 'ErrorBudgetBurn 6h'] as const;
export const LASTING = ['ErrorBudgetBurn 1d', 'ErrorBudgetBurn 3d'] as const;

import type { Dashboard, GridPos } from '@grafana/grafana-foundation-sdk/dashboard';

export interface Target {
  expr: string;
  exemplar?: boolean;
}

export interface PanelJson {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: GridPos;
  datasource?: { type: string; uid: string };
  targets?: Target[];
  links?: { title: string; url: string }[];
  fieldConfig?: { defaults: { unit?: string; thresholds?: { steps: { value: number | null; color: string }[] } } };
}

/** All that stands on a dashboard, its rows too, as its file has it. */
export const everythingOn = (dashboard: Dashboard): PanelJson[] =>
  JSON.parse(JSON.stringify(dashboard.panels ?? [])) as PanelJson[];

/** The panels of a dashboard, without the titles of its rows. */
export const panelsOf = (dashboard: Dashboard): PanelJson[] =>
  everythingOn(dashboard).filter(({ type }) => type !== 'row');

const DURATIONS = /\$__(rate_interval|range|interval)\b/g;

/** The expression as Prometheus would be sent it: durations in place of Grafana's variables for them. */
export const withoutVariables = (expr: string): string => expr.replaceAll(DURATIONS, '5m');

/** Names of the variables in an expression that a dashboard has to declare. */
export const variablesIn = (expr: string): string[] =>
  [...expr.replaceAll(DURATIONS, '').matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name);

import {
  DashboardLinkBuilder,
  DashboardLinkType,
  type DynamicConfigValue,
  FieldColorModeId,
  type ThresholdsConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { type Alert, type AlertKey, alertOf, runbookUrl, stepOf } from '../alerts.ts';
import { type Color, colors, namesByLegend, seriesColors } from './colors.ts';
import { datasource } from './variables.ts';

/** What every panel says of itself. `alerts` draw their lines into it, and their runbooks are linked. */
export interface About {
  title: string;
  description: string;
  /** Of Grafana's unit ids, such as `s`, `bytes`, `percentunit`. */
  unit: string;
  alerts?: AlertKey[];
  decimals?: number;
}

type Buildable<T> = { build(): T };

/** What the builders of all kinds of panels have in common. */
interface PanelBuilder {
  title(title: string): unknown;
  description(description: string): unknown;
  unit(unit: string): unknown;
  decimals(decimals: number): unknown;
  datasource(ref: typeof datasource): unknown;
  links(links: DashboardLinkBuilder[]): unknown;
  thresholds(thresholds: Buildable<ThresholdsConfig>): unknown;
  overrideByName(name: string, properties: DynamicConfigValue[]): unknown;
}

const colorOf = ({ severity }: Alert) => (severity === 'critical' ? colors.bad : colors.warning);

/** The lines of the alerts, as steps; without any, all is well. */
const thresholdsOf = (watching: Alert[]) => {
  const lines = watching.filter(({ line }) => line !== undefined);
  const low = lines.find(({ below }) => below);
  const steps = lines
    .map((alert) => ({ value: stepOf(alert), color: alert.below ? colors.good : colorOf(alert) }))
    .toSorted((one, other) => one.value - other.value);
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: low ? colorOf(low) : colors.good }, ...steps]);
};

const runbookLink = (name: string) =>
  new DashboardLinkBuilder(`Runbook: ${name}`)
    .type(DashboardLinkType.Link)
    .icon('doc')
    .tooltip(`What to do when ${name} fires`)
    .url(runbookUrl(name))
    .targetBlank(true);

/** Fills in what every panel has. */
export const describe = <Builder extends PanelBuilder>(builder: Builder, about: About): Builder => {
  const { title, description, unit, decimals, alerts = [] } = about;
  const watching = alerts.map(alertOf);
  builder.title(title);
  builder.description(description);
  builder.unit(unit);
  builder.datasource(datasource);
  builder.thresholds(thresholdsOf(watching));
  if (decimals !== undefined) builder.decimals(decimals);
  const runbooks = new Set(watching.map(({ name }) => name));
  if (runbooks.size > 0) builder.links([...runbooks].map(runbookLink));
  return builder;
};

const fixed = (color: Color): DynamicConfigValue => ({
  id: 'color',
  value: { mode: FieldColorModeId.Fixed, fixedColor: color },
});

/** Gives series that mean the same the same colour on all panels; the others take theirs by name. */
export const colorSeries = <Builder extends PanelBuilder>(builder: Builder, legends: string[]): Builder => {
  const names = new Set(legends.flatMap((legend) => namesByLegend[legend] ?? [legend]));
  for (const name of names) {
    const color = seriesColors[name];
    if (color !== undefined) builder.overrideByName(name, [fixed(color)]);
  }
  return builder;
};

/** A question to Prometheus, as a series over time or as the value of the moment. */
export const queryOf = (index: number, expr: string): DataqueryBuilder =>
  new DataqueryBuilder()
    .datasource(datasource)
    .refId(String.fromCharCode(65 + index))
    .expr(expr);

import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { alertOf } from '../alerts.ts';
import type { Sized } from './layout.ts';
import { type About, colorSeries, describe, queryOf } from './panel.ts';

const HEIGHT = 8;

export interface SeriesAbout extends About {
  /** Expressions, each with the legend of its series. */
  queries: [expr: string, legend: string][];
  stacked?: boolean;
  /** Shows single requests beside the lines; a click on one leads to its trace. */
  exemplars?: boolean;
  max?: number;
}

const legend = () =>
  new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Bottom)
    .showLegend(true)
    .calcs(['lastNotNull', 'max'])
    .sortBy('Last *')
    .sortDesc(true);

const tooltip = () => new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending);

/** Lines over time, with the lines of alerts across them. */
export const series = (about: SeriesAbout): Sized => {
  const builder = describe(new PanelBuilder(), about)
    .legend(legend())
    .tooltip(tooltip())
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
    .lineWidth(1)
    .fillOpacity(about.stacked ? 30 : 8)
    .showPoints(VisibilityMode.Never)
    .spanNulls(false)
    .min(0);
  if (about.max !== undefined) builder.max(about.max);
  if (about.stacked) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (about.alerts?.some((key) => alertOf(key).line !== undefined))
    builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  about.queries.forEach(([expr, legendFormat], index) => {
    const query = queryOf(index, expr).legendFormat(legendFormat).range();
    builder.withTarget(about.exemplars ? query.exemplar(true) : query);
  });
  colorSeries(
    builder,
    about.queries.map(([, name]) => name),
  );
  return { panel: builder.build(), height: HEIGHT };
};

import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import type { Sized } from './layout.ts';
import { type About, describe, queryOf } from './panel.ts';

const HEIGHT = 4;

export interface StatAbout extends About {
  expr: string;
  /** What stands there while Prometheus has nothing. */
  noValue?: string;
  /** Words for values. */
  mappings?: ValueMapping[];
  /** Names the series when there are several. */
  legend?: string;
  /** False where a picture of its course says nothing, such as of a time. */
  course?: boolean;
}

/** One figure, coloured by the lines of its alerts. */
export const stat = (about: StatAbout): Sized => {
  const { expr, noValue, mappings, legend, course = true } = about;
  const query = queryOf(0, expr).legendFormat(legend ?? about.title);
  const builder = describe(new PanelBuilder(), about)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .colorMode(about.alerts?.length ? BigValueColorMode.Background : BigValueColorMode.Value)
    .graphMode(course ? BigValueGraphMode.Area : BigValueGraphMode.None)
    .textMode(legend === undefined ? BigValueTextMode.Value : BigValueTextMode.ValueAndName)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(''))
    .withTarget(course ? query.range() : query.instant());
  if (noValue !== undefined) builder.noValue(noValue);
  if (mappings !== undefined) builder.mappings(mappings);
  return { panel: builder.build(), height: HEIGHT };
};

import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import type { Sized } from './layout.ts';
import { type About, describe, queryOf } from './panel.ts';

const HEIGHT = 11;

export interface Column {
  title: string;
  expr: string;
  unit: string;
  decimals?: number;
  /** Colours the figure from here on. */
  thresholds?: { value: number | null; color: string }[];
}

export interface TableAbout extends Omit<About, 'unit'> {
  /** The label that a row is about, and its title. */
  row: { label: string; title: string };
  columns: Column[];
  sortedBy: string;
}

const valueName = (index: number) => `Value #${String.fromCharCode(65 + index)}`;

/** A row for each value of a label, with a column for each expression, as of now. */
export const table = ({ row, columns, sortedBy, ...about }: TableAbout): Sized => {
  const names = Object.fromEntries(columns.map(({ title }, index) => [valueName(index), title]));
  const order = Object.fromEntries([row.label, ...Object.keys(names)].map((name, index) => [name, index]));
  const builder = describe(new PanelBuilder(), { ...about, unit: 'short' })
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: order,
        renameByName: { [row.label]: row.title, ...names },
      },
    })
    .sortBy([new TableSortByFieldStateBuilder().displayName(sortedBy).desc(true)])
    .filterable(true)
    .noValue('-');
  columns.forEach(({ title, expr, unit, decimals, thresholds }, index) => {
    builder.withTarget(queryOf(index, expr).format(PromQueryFormat.Table).instant());
    builder.overrideByName(title, [
      { id: 'unit', value: unit },
      ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
      ...(thresholds === undefined
        ? []
        : [
            { id: 'thresholds', value: { mode: 'absolute', steps: thresholds } },
            { id: 'custom.cellOptions', value: { type: 'color-text' } },
          ]),
    ]);
  });
  return { panel: builder.build(), height: HEIGHT };
};

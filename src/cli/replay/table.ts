import { sum } from '../../kernel/money.ts';
import { inColumns } from './columns.ts';
import { byCode, type Difference, differencesBetween, type RefusalCodes } from './comparison.ts';
import type { Refusal } from './refusal.ts';
import { HOTELS, monthsOf, monthTotal, outcomeOf, reasonsOf, rowsOf, STATUSES, type Totals } from './totals.ts';

export interface ClosingReport {
  /** Plain text for a terminal, without a trailing line end. */
  text: string;
  /** Empty when the API and the file agree on everything; anything in it fails the replay. */
  differences: Difference[];
}

const whole = new Intl.NumberFormat('en');
const count = (value: number) => whole.format(value);
const twoDigits = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const money = (minor: number) => twoDigits.format(minor / 100);
const mark = (equal: boolean) => (equal ? '' : 'differs');

const outcomeTable = (api: Totals, expected: Totals): string[] => {
  const codes = reasonsOf(api, expected);
  const lines = HOTELS.flatMap((hotel) =>
    STATUSES.map((status) => {
      const found = outcomeOf(api, hotel, status);
      const refused = codes.map((code) => found.refused.get(code) ?? 0);
      const rows = rowsOf(outcomeOf(expected, hotel, status));
      return { labels: [hotel, status], numbers: [rows, found.accepted, ...refused, rowsOf(found)] };
    }),
  );
  const totals = ['rows', 'accepted', ...codes, 'accounted for'].map((_, column) =>
    sum(lines.map(({ numbers }) => numbers[column] ?? 0)),
  );
  const rows = [...lines, { labels: ['total', ''], numbers: totals }].map(({ labels, numbers }) => [
    ...labels,
    ...numbers.map(count),
    mark(numbers[0] === numbers.at(-1)),
  ]);
  return inColumns(['hotel', 'status', 'rows in file', 'accepted', ...codes, 'accounted for', ''], rows, 2);
};

const monthTable = (api: Totals, expected: Totals): string[] => {
  const lines = HOTELS.flatMap((hotel) =>
    monthsOf(api, expected).map((month) => ({
      labels: [hotel, month],
      found: monthTotal(api, hotel, month),
      wanted: monthTotal(expected, hotel, month),
    })),
  );
  const totalOf = (totals: { nights: number; revenue: number }[]) => ({
    nights: sum(totals.map(({ nights }) => nights)),
    revenue: sum(totals.map(({ revenue }) => revenue)),
  });
  const total = {
    labels: ['total', ''],
    found: totalOf(lines.map(({ found }) => found)),
    wanted: totalOf(lines.map(({ wanted }) => wanted)),
  };
  const rows = [...lines, total].map(({ labels, found, wanted }) => [
    ...labels,
    count(found.nights),
    count(wanted.nights),
    money(found.revenue),
    money(wanted.revenue),
    mark(found.nights === wanted.nights && found.revenue === wanted.revenue),
  ]);
  return inColumns(['hotel', 'month', 'nights, API', 'nights, file', 'revenue, API', 'revenue, file', ''], rows, 2);
};

const SHOWN = 40;

const differenceLines = (differences: readonly Difference[]): string[] => {
  if (differences.length === 0) return ['No differences.'];
  const rows = differences.slice(0, SHOWN).map(({ what, expected, found }) => [what, count(expected), count(found)]);
  const more = differences.length - rows.length;
  return [
    `Differences: ${count(differences.length)} (revenue in minor units)`,
    ...inColumns(['what', 'expected', 'found'], rows, 1),
    ...(more > 0 ? [`and ${count(more)} more`] : []),
  ];
};

/**
 * The closing table of what the API reports (refusals by its codes) beside the figures of the file (by `Refusal`),
 * and every difference between them. Revenue is shown in euro.
 */
export const closingReport = (api: Totals, figures: Totals<Refusal>, codes: RefusalCodes): ClosingReport => {
  const expected = byCode(figures, codes);
  const differences = differencesBetween(api, expected);
  const text = [
    'Rows of the file and what the API made of them',
    ...outcomeTable(api, expected),
    '',
    'Planned room nights and revenue (EUR), by the month of each night',
    ...monthTable(api, expected),
    '',
    ...differenceLines(differences),
  ].join('\n');
  return { text, differences };
};
